import { parseWords } from '../terminal/parse-args';
import { UsageError } from '../terminal/usage-error';
import type { Wanted } from './assignees';

export const OKTA_HELP = `Creates the Okta application for signing in to Frontline, assigns users and groups to it, and prints the values to
paste into Twilio. It can be interrupted and run again at any time.

  npm run okta                                      prompts for everything, and shows each change before it applies it
  npm run okta -- --user ana@example.com            assigns a user, by login or e-mail address
  npm run okta -- --group Sales                     assigns a group, by name or id
  npm run okta -- --label "Twilio Frontline"        sets the application's label in Okta
  npm run okta -- --yes --group Sales               applies all changes without asking
  npm run okta -- --dry-run --group Sales           shows the changes, and applies none

--user and --group may be repeated. These users and the members of the groups get the user type "agent" in their
profiles, because Frontline requires it. From the environment or .env:

  SSO_REALM_SID    JB…, from Twilio Console > Frontline > Manage > SSO/Log in
  OKTA_ORG_URL     such as https://acme.okta.com
  OKTA_API_TOKEN   from Okta admin > Security > API > Tokens; safer to enter at the prompt than to keep in a file

Exit status: 0 on success, 1 on failure or when manual steps remain, 2 on usage errors.`;

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
