import type { Environment } from '../../lambdas/configuration/configuration';
import type { Pacing } from '../airtable/paced-base';
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

/** Whom the doctor looks at, and how fast he may. */
export interface Diagnosis {
  /** `.env` under the environment. */
  readonly environment: Environment;
  readonly pacing: Pacing;
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

/** Makes every check there is, in the order in which they are set up. */
export function examineService(
  { environment, pacing }: Diagnosis,
  seen: (examined: Examined) => void,
): Promise<readonly Examined[]> {
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
    ...airtableChecks({ settings, pacing }),
    ...stackChecks({ settings, aws }),
    ...twilioChecks({
      settings,
      secret,
      callbackUrl: async () => (await outputs()).callbackUrls['twilio-conversations'],
    }),
    ...probeChecks({ settings, outputs, pacing }),
    ...dataChecks({
      settings,
      pacing,
      frontlineUserState: (identity) => openTwilioAccount(accessOf(settings())).frontlineUserState(identity),
      findContent: (sid) => openTwilioAccount(accessOf(settings())).findContent(sid),
    }),
  ];
  return examine(checks, seen, pacing.signal);
}
