import * as v from 'valibot';
import type { Environment } from '../../lambdas/config';
import { pattern } from '../../lambdas/config-schema';
import { ConfigurationError } from '../../lambdas/errors';
import { realmSid } from '../../lib/settings-schema';
import type { ConsoleOutput } from '../terminal/console-output';
import type { Prompts } from '../terminal/prompts';
import { type OrgUrl, readOrgUrl } from './org-url';

/** The values that the command needs before its first request to Okta. */
export interface OktaValues {
  readonly realmSid: string;
  readonly org: OrgUrl;
  readonly token: string;
}

interface Value<T> {
  readonly name: string;
  /** The meaning of the value, and where to find it. */
  readonly where: string;
  readonly isSecret: boolean;
  /** @throws {ConfigurationError} */
  read(text: string): T;
}

const apiToken = pattern(/^[\w-]{20,}$/, '42 letters, digits, dashes and underscores');

const REALM_SID: Value<string> = {
  name: 'SSO_REALM_SID',
  where:
    'The realm of your Twilio organization. Twilio Console > Frontline > Manage > SSO/Log in, "Realm SID": JB and 32 characters',
  isSecret: false,
  read: (text) => matching('SSO_REALM_SID', realmSid, text),
};

const ORG_URL: Value<OrgUrl> = {
  name: 'OKTA_ORG_URL',
  where: 'The URL at which your users sign in to Okta, such as https://acme.okta.com',
  isSecret: false,
  read: readOrgUrl,
};

const TOKEN: Value<string> = {
  name: 'OKTA_API_TOKEN',
  where:
    'A token of an administrator of applications and users. Okta admin > Security > API > Tokens > Create token.\n' +
    'It is not saved; delete it in Okta afterwards',
  isSecret: true,
  read: (text) => matching('OKTA_API_TOKEN', apiToken, text),
};

/**
 * Reads the values from the environment, and prompts for missing ones if there is a terminal.
 * @throws {ConfigurationError} naming every missing or malformed value, without the token
 */
export async function collectOktaValues(
  environment: Environment,
  prompts: Prompts | null,
  screen: ConsoleOutput,
): Promise<OktaValues> {
  const problems: string[] = [];
  const given = <T>({ name, where, read }: Value<T>): T | null => {
    const text = environment[name]?.trim();
    if (text) return attempt(() => read(text), problems);
    if (prompts === null) problems.push(`${name} is missing: ${where.replace('\n', ' ')}`);
    return null;
  };
  const realmSid = given(REALM_SID);
  const org = given(ORG_URL);
  const token = given(TOKEN);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return {
    realmSid: realmSid ?? (await ask(REALM_SID, prompts, screen)),
    org: org ?? (await ask(ORG_URL, prompts, screen)),
    token: token ?? (await ask(TOKEN, prompts, screen)),
  };
}

async function ask<T>(
  { name, where, isSecret, read }: Value<T>,
  prompts: Prompts | null,
  screen: ConsoleOutput,
): Promise<T> {
  if (prompts === null) throw new ConfigurationError([`${name} is missing`]);
  screen.line();
  screen.detail(screen.dim(where));
  const validate = (answer: string) => {
    const faults: string[] = [];
    attempt(() => read(answer), faults);
    return faults[0] ?? null;
  };
  return read(await (isSecret ? prompts.secret(name, validate) : prompts.text(name, validate)));
}

function matching(name: string, schema: v.GenericSchema<string, string>, text: string): string {
  const parsed = v.safeParse(schema, text);
  if (parsed.success) return parsed.output;
  throw new ConfigurationError(parsed.issues.map(({ message }) => `${name} ${message}`));
}

function attempt<T>(read: () => T, problems: string[]): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}
