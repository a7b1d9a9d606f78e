import * as v from 'valibot';
import { parseUrl } from '../../lambdas/characters/parse-url';
import type { Environment } from '../../lambdas/config';
import {
  checkSettings,
  formatProblem,
  parseSettings,
  pattern,
  requiredSetting,
} from '../../lambdas/config-schema';
import { ConfigurationError } from '../../lambdas/errors';
import { realmSid, THIS_MACHINE } from '../../lib/settings-schema';
import type { ConsoleOutput } from '../terminal/console-output';
import type { Prompts } from '../terminal/prompts';

/** The values that the command needs before its first request to Okta. */
export interface OktaValues {
  readonly realmSid: string;
  readonly org: OrgUrl;
  readonly token: string;
}

const orgUrl = v.rawTransform<string, OrgUrl>(({ dataset, addIssue, NEVER }) => {
  const org = readOrgUrl(dataset.value);
  if (typeof org !== 'string') return org;
  addIssue({ message: `is malformed: ${org}` });
  return NEVER;
});

/** The meaning of each value, and where to find it. */
const WHERE = {
  SSO_REALM_SID:
    'The realm of your Twilio organization. Twilio Console > Frontline > Manage > SSO/Log in, "Realm SID": JB and 32 characters',
  OKTA_ORG_URL: 'The URL at which your users sign in to Okta, such as https://acme.okta.com',
  OKTA_API_TOKEN:
    'A token of an administrator of applications and users. Okta admin > Security > API > Tokens > Create token.\n' +
    'It is not saved; delete it in Okta afterwards',
};

const OktaSettings = v.object({
  SSO_REALM_SID: requiredSetting(realmSid, WHERE.SSO_REALM_SID),
  OKTA_ORG_URL: requiredSetting(v.pipe(v.string(), orgUrl), WHERE.OKTA_ORG_URL),
  OKTA_API_TOKEN: requiredSetting(
    pattern(/^[\w-]{20,}$/, '42 letters, digits, dashes and underscores'),
    WHERE.OKTA_API_TOKEN.replace('\n', ' '),
  ),
});

/**
 * Reads the values from the environment, and prompts for missing ones if there is a terminal.
 * @throws {ConfigurationError} naming every missing or malformed value, without the token
 */
export async function collectOktaValues(
  environment: Environment,
  prompts: Prompts | null,
  screen: ConsoleOutput,
): Promise<OktaValues> {
  const isMissing = (name: string) => !environment[name]?.trim();
  const problems = checkSettings(OktaSettings, environment).problems.filter(
    ({ variable }) => prompts === null || !isMissing(variable),
  );
  if (problems.length > 0) throw new ConfigurationError(problems.map(formatProblem));
  let complete = environment;
  for (const [name, where] of Object.entries(WHERE)) {
    if (prompts === null || !isMissing(name)) continue;
    screen.line();
    screen.detail(screen.dim(where));
    const ask = name === 'OKTA_API_TOKEN' ? prompts.secret : prompts.text;
    complete = { ...complete, [name]: await ask(name, (answer) => problemOf(name, answer)) };
  }
  return readOktaValues(complete);
}

/** @throws {ConfigurationError} naming every missing or malformed value, without the token */
export function readOktaValues(environment: Environment): OktaValues {
  const { SSO_REALM_SID, OKTA_ORG_URL, OKTA_API_TOKEN } = parseSettings(OktaSettings, environment);
  return { realmSid: SSO_REALM_SID, org: OKTA_ORG_URL, token: OKTA_API_TOKEN };
}

function problemOf(name: string, answer: string): string | null {
  const { problems } = checkSettings(OktaSettings, { [name]: answer });
  const problem = problems.find(({ variable }) => variable === name);
  return problem === undefined ? null : formatProblem(problem);
}

/** An Okta organisation's URL, normalised. */
export interface OrgUrl {
  /** Scheme and host. */
  readonly url: string;
  /** The correction, to show to the user; null if there was none. */
  readonly remark: string | null;
  /** Whether it is outside Okta's own domains, so that only the user can confirm that it is their Okta. */
  readonly isCustomDomain: boolean;
}

const OKTA = /\.(okta|oktapreview|okta-emea|okta-gov)\.com$/;
const LOOKS_LIKE_OKTA = /(^|\.)(okta|oktapreview|okta-emea|okta-gov)\.com(\.|$)/;
/** Okta's own sites under its domain. */
const NO_ORGANISATION = /^(www|login|developer|help|support|status)\./;

/**
 * Parses an organisation's URL as copied from a browser. Rejects any URL that could belong to another host, because the
 * token is sent there.
 * @returns why it is malformed, if it is.
 */
export function readOrgUrl(text: string): OrgUrl | string {
  const withScheme = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const address = parseUrl(withScheme);
  if (address === null || /\s/.test(text)) return 'it must be a URL such as https://acme.okta.com';
  const { protocol, hostname, port, username, password } = address;
  if (username !== '' || password !== '') {
    return `its host is ${hostname}; remove the part before the @`;
  }
  if (protocol === 'http:' && THIS_MACHINE.test(hostname)) {
    return { url: address.origin, remark: null, isCustomDomain: false };
  }
  if (protocol !== 'https:') return `it must begin with https://, not ${protocol}//`;
  if (!hostname.includes('.')) return `${hostname} is not a host on the internet`;
  if (!OKTA.test(hostname)) {
    if (LOOKS_LIKE_OKTA.test(hostname)) {
      return `${hostname} looks like Okta, but is not an Okta organisation`;
    }
    return { url: address.origin, remark: null, isCustomDomain: true };
  }
  if (port !== '' || hostname.split('.').length !== 3 || NO_ORGANISATION.test(hostname)) {
    return `${address.host} is not an organisation's URL, such as https://acme.okta.com`;
  }
  const organisation = hostname.replace(/^([^.]+)-admin\./, '$1.');
  const remark =
    organisation === hostname
      ? null
      : `${hostname} is the host of the admin pages; using the organisation's own, ${organisation}`;
  return { url: `https://${organisation}`, remark, isCustomDomain: false };
}
