import { parseWords } from '../terminal/parse-args';
import { UsageError } from '../terminal/usage-error';
import type { Wanted } from './assignees';

export const OKTA_HELP = `Makes the application in Okta by which people log in to Frontline, assigns those whom you name, and prints what
to paste into Twilio. It looks at what is there first, and can be stopped and run again at any time.

  npm run okta                                      asks for everything, shows each change and asks before it makes it
  npm run okta -- --user ana@example.com            somebody who may log in, by login or e-mail address
  npm run okta -- --group Sales                     a group whose members may log in, by name or id
  npm run okta -- --label "Twilio Frontline"        what the application is called in Okta
  npm run okta -- --yes --group Sales               makes every change without asking
  npm run okta -- --dry-run --group Sales           shows what it would do, and changes nothing

--user and --group may be repeated. Whoever is named, and the members of the groups, get the user type "agent" in their
profiles: Frontline lets nobody in without. From the environment or .env:

  SSO_REALM_SID    JB…, from Twilio Console > Frontline > Manage > SSO/Log in
  OKTA_ORG_URL     such as https://acme.okta.com
  OKTA_API_TOKEN   from Okta admin > Security > API > Tokens; better typed when asked for than kept in a file

Exit status: 0 when all is right, 1 when something failed or is left for you to do, 2 where the command makes no sense.`;

export interface OktaOptions extends Wanted {
  readonly label: string | null;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly help: boolean;
}

/** Options of `npm run okta` that npm itself may consume. */
export const OKTA_OPTIONS = ['label', 'user', 'group', 'yes', 'dry-run'];

/** Parses the arguments after `npm run okta --`. @throws {UsageError} for an unknown or blank option */
export function parseOktaOptions(words: readonly string[]): OktaOptions {
  const flag = { type: 'boolean', default: false } as const;
  const list = { type: 'string', multiple: true } as const;
  const options = {
    label: { type: 'string' },
    user: list,
    group: list,
    yes: { ...flag, short: 'y' },
    'dry-run': flag,
    help: { ...flag, short: 'h' },
  } as const;
  const {
    label,
    user = [],
    group = [],
    yes,
    help,
    'dry-run': dryRun,
  } = parseWords(words, options, OKTA_HELP);
  return {
    label: label === undefined ? null : said('label', label),
    users: user.map((name) => said('user', name)),
    groups: group.map((name) => said('group', name)),
    yes,
    dryRun,
    help,
  };
}

function said(option: string, text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new UsageError(`--${option} is blank`);
  return trimmed;
}
