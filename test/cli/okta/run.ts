import { parseArgs } from 'node:util';
import { setUpOkta } from '../../../cli/okta/setup-okta';
import { type Approval, approvalFor } from '../../../cli/plan/apply';
import type { Prompts } from '../../../cli/terminal/prompts';
import type { Environment } from '../../../lambdas/config';
import type { OktaEmulator } from '../../emulators/okta/okta-emulator';
import { TOKEN } from '../../emulators/okta/serve';
import { aScreen } from '../terminal/scripted-screen';

export const REALM_SID = 'JB0123456789abcdef0123456789abcdef';

export const environmentOf = ({ url }: OktaEmulator): Environment => ({
  SSO_REALM_SID: REALM_SID,
  OKTA_ORG_URL: url,
  OKTA_API_TOKEN: TOKEN,
});

export interface Ran {
  /** Null if it threw. */
  readonly status: number | null;
  /** The message of the thrown error; empty if it did not throw. */
  readonly failure: string;
  readonly text: string;
}

/** Runs the command in this process, with approval or with a user at the prompts. */
export async function run(
  okta: OktaEmulator,
  words: readonly string[],
  prompts: Prompts | null = null,
  environment: Environment = environmentOf(okta),
): Promise<Ran> {
  const { screen, text } = aScreen();
  const flag = { type: 'boolean', default: false } as const;
  const list = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({
    args: [...words],
    options: { user: list, group: list, label: { type: 'string' }, yes: flag, 'dry-run': flag },
  });
  const { user: users = [], group: groups = [], label = null, yes, 'dry-run': dryRun } = values;
  const { signal } = new AbortController();
  const retries = { waitsMilliseconds: [1, 1, 1] };
  const approval: Approval =
    prompts === null ? approvalFor({ yes, dryRun }, signal) : { kind: 'asked', prompts };
  const command = { options: { users, groups, label, yes }, environment, screen, approval, signal, retries };
  try {
    const status = await setUpOkta(command);
    return { status, failure: '', text: text() };
  } catch (error) {
    return { status: null, failure: error instanceof Error ? error.message : String(error), text: text() };
  }
}

/** The write requests, as a method and a path without ids. */
export function writesOf({ requests }: OktaEmulator): readonly string[] {
  return requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace('/api/v1/', '').replace(/0[0-9a-z]{19}/g, '…')}`);
}

/** Everything that the command can change, without times. */
export function stateOf(okta: OktaEmulator): object {
  const applications = okta.applications().map(({ created, lastUpdated, ...application }) => ({
    ...application,
    assigned: okta.assigned(application.id),
  }));
  return { applications, userTypes: okta.people().map(({ profile }) => [profile.login, profile.userType]) };
}
