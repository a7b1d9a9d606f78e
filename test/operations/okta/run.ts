import type { Environment } from '../../../lambdas/configuration/configuration';
import type { OktaStandIn } from '../../../local/okta/okta-stand-in';
import type { Consent } from '../../../operations/changes/carry-out';
import { consentFor } from '../../../operations/changes/consent';
import { parseOktaOptions } from '../../../operations/okta/command-line';
import { setUpOkta } from '../../../operations/okta/set-up-okta';
import type { Questions } from '../../../operations/terminal/questions';
import { TOKEN } from '../../local/okta/serve';
import { aScreen } from '../terminal/scripted-screen';

export const REALM_SID = 'JB0123456789abcdef0123456789abcdef';

export const environmentOf = ({ url }: OktaStandIn): Environment => ({
  SSO_REALM_SID: REALM_SID,
  OKTA_ORG_URL: url,
  OKTA_API_TOKEN: TOKEN,
});

export interface Ran {
  /** Null where it threw. */
  readonly status: number | null;
  /** What it threw, in words; empty where it did not. */
  readonly failure: string;
  readonly text: string;
}

/** The command in this process, with consent or with somebody who is asked. */
export async function run(
  okta: OktaStandIn,
  words: readonly string[],
  questions: Questions | null = null,
  environment: Environment = environmentOf(okta),
): Promise<Ran> {
  const { screen, text } = aScreen();
  const options = parseOktaOptions(words);
  const { signal } = new AbortController();
  const consent: Consent =
    questions === null ? consentFor('okta', options, signal) : { kind: 'asked', questions };
  const command = { options, environment, screen, consent, signal };
  try {
    const status = await setUpOkta(command);
    return { status, failure: '', text: text() };
  } catch (error) {
    return { status: null, failure: error instanceof Error ? error.message : String(error), text: text() };
  }
}

/** The requests that change something, as a method and a path without ids. */
export function writesOf({ requests }: OktaStandIn): readonly string[] {
  return requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace('/api/v1/', '').replace(/0[0-9a-z]{19}/g, '…')}`);
}

/** All that the command can change, without times. */
export function stateOf(okta: OktaStandIn): object {
  const applications = okta.applications().map(({ created, lastUpdated, ...application }) => ({
    ...application,
    assigned: okta.assigned(application.id),
  }));
  return { applications, userTypes: okta.people().map(({ profile }) => [profile.login, profile.userType]) };
}
