import { parseWords } from '../terminal/parse-args';

export const TEARDOWN_HELP = `Takes back what npm run setup made: Twilio's webhooks and first messages, Airtable's webhook, then the stack with its
functions, replica, logs and secret. The opt-outs stay in their table, and the base, the numbers, the conversations,
.env and what others have set stay as they are.

  npm run teardown                 shows what goes, and asks before it goes
  npm run teardown -- --yes        without asking
  npm run teardown -- --dry-run    shows what would go, and changes nothing`;

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
