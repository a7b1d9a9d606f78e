import { parseWords } from '../terminal/parse-args';

export const SETUP_HELP = `Sets the service up: values, Airtable, AWS, Twilio. It looks at what is right already, does what is missing,
and can be stopped and run again at any time.

  npm run setup                             asks for what is missing, shows each change and asks before it makes it
  npm run setup -- --yes                    takes .env as it is and makes every change without asking
  npm run setup -- --dry-run                shows what it would do, and changes nothing anywhere
  npm run setup -- --sample-rows            puts a few sample customers and templates into an empty base
  npm run setup -- --import customers.csv   reads customers from a file into the base
  npm run setup -- --take-over              also replaces what another integration has set at Twilio`;

export interface SetupOptions {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly sampleRows: boolean;
  readonly replaceExisting: boolean;
  readonly importFile: string | null;
  readonly help: boolean;
}

/** Options of `npm run setup` that npm itself would consume. */
export const SETUP_OPTIONS = ['yes', 'dry-run', 'sample-rows', 'import', 'take-over'];

/** Parses the arguments after `npm run setup --`. @throws {UsageError} for an unknown option */
export function parseSetupOptions(words: readonly string[]): SetupOptions {
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    yes: { ...flag, short: 'y' },
    'dry-run': flag,
    'sample-rows': flag,
    'take-over': flag,
    import: { type: 'string' },
    help: { ...flag, short: 'h' },
  } as const;
  const values = parseWords(words, options, SETUP_HELP);
  return {
    yes: values.yes,
    dryRun: values['dry-run'],
    sampleRows: values['sample-rows'],
    replaceExisting: values['take-over'],
    importFile: values.import ?? null,
    help: values.help,
  };
}
