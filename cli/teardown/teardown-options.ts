import { parseWords } from '../terminal/parse-args';

export const TEARDOWN_HELP = `Removes everything that npm run setup created: Twilio's webhooks and address configurations, Airtable's webhook, then
the stack with its functions, replica, logs and secret. Keeps the table of opt-outs, the base, the numbers, the
conversations, .env and the settings of other integrations.

  npm run teardown                 shows what it removes, and asks first
  npm run teardown -- --yes        without asking
  npm run teardown -- --dry-run    shows what it would remove, and changes nothing`;

/** Options of `npm run teardown` that npm itself would consume. */
export const TEARDOWN_OPTIONS = ['yes', 'dry-run'];

export interface TeardownOptions {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly help: boolean;
}

/** Parses the arguments after `npm run teardown --`. @throws {UsageError} for an unknown option */
export function parseTeardownOptions(words: readonly string[]): TeardownOptions {
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    yes: { ...flag, short: 'y' },
    'dry-run': flag,
    help: { ...flag, short: 'h' },
  } as const;
  const { yes, help, 'dry-run': dryRun } = parseWords(words, options, TEARDOWN_HELP);
  return { yes, dryRun, help };
}
