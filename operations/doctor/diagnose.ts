import type { Environment } from '../../lambdas/configuration/configuration';
import { stackOutputs } from '../aws/deployed-stack';
import { lookUpAws, noStack } from '../aws/look-up';
import { readSettings, type Settings } from '../settings/settings';
import type { Screen } from '../terminal/screen';
import { accessOf, openTwilioAccount } from '../twilio/twilio-account';
import { airtableChecks } from './airtable-checks';
import type { Check } from './check';
import { configurationCheck } from './configuration-check';
import { dataChecks } from './data-checks';
import { type Examined, examine, isAnythingWrong } from './examine';
import { probeChecks } from './probe-checks';
import { showExamined, summary } from './report';
import { stackChecks } from './stack-checks';
import { twilioChecks } from './twilio-checks';

/** Whom the doctor looks at, and how often he is told to stop. */
export interface Diagnosis {
  /** `.env` under the environment. */
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** Puts the doctor's screen up, a line a check. @returns whether nothing is wrong. */
export async function diagnose({
  screen,
  ...diagnosis
}: Diagnosis & { readonly screen: Screen }): Promise<boolean> {
  const examined = await examineService(diagnosis, (one) => showExamined(one, screen));
  screen.line(`\n${summary(examined)}`);
  return !isAnythingWrong(examined);
}

/** Makes every check there is, in the order of the way that a message takes. */
export function examineService(
  { environment, signal }: Diagnosis,
  seen: (examined: Examined) => void,
): Promise<readonly Examined[]> {
  const pacing = { signal };
  const aws = lookUpAws();
  const settings = (): Settings => readSettings(environment);
  const outputs = async () => {
    const stack = await aws.stack();
    if (stack === null) throw noStack();
    return stackOutputs(stack);
  };
  const secret = async () => (await aws.secret()).credentials;
  const checks: readonly Check[] = [
    configurationCheck(settings),
    ...stackChecks({ settings, aws }),
    ...twilioChecks({
      settings,
      secret,
      callbackUrl: async () => (await outputs()).callbackUrls['twilio-conversations'],
    }),
    ...airtableChecks({ settings, pacing }),
    ...probeChecks({ settings, outputs }),
    ...dataChecks({
      settings,
      pacing,
      isFrontlineUser: (identity) => openTwilioAccount(accessOf(settings())).isFrontlineUser(identity),
    }),
  ];
  return examine(checks, seen);
}
