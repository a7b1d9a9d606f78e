import { parseWords } from '../terminal/parse-args';

export const SETUP_HELP = `Sets up the service: configuration, Airtable, AWS, Twilio. Skips what is up to date; can be interrupted and run
again at any time.

  npm run setup                             prompts for missing configuration, and before it applies changes
  npm run setup -- --yes                    uses .env as it is and applies all changes without a prompt
  npm run setup -- --dry-run                previews all changes without applying them
  npm run setup -- --sample-rows            adds a few sample customers and templates to an empty base
  npm run setup -- --import customers.csv   imports customers from a CSV file
  npm run setup -- --replace-existing       also replaces settings of another integration at Twilio`;

export interface SetupOptions {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly sampleRows: boolean;
  readonly replaceExisting: boolean;
  readonly importFile: string | null;
  readonly help: boolean;
}

/** Options of `npm run setup` that npm itself would consume. */
export const SETUP_OPTIONS = ['yes', 'dry-run', 'sample-rows', 'import', 'replace-existing', 'take-over'];

/** Parses the arguments after `npm run setup --`. @throws {UsageError} for an unknown option */
export function parseSetupOptions(words: readonly string[]): SetupOptions {
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    yes: { ...flag, short: 'y' },
    'dry-run': flag,
    'sample-rows': flag,
    'replace-existing': flag,
    // The former name.
    'take-over': flag,
    import: { type: 'string' },
    help: { ...flag, short: 'h' },
  } as const;
  const values = parseWords(words, options, SETUP_HELP);
  return {
    yes: values.yes,
    dryRun: values['dry-run'],
    sampleRows: values['sample-rows'],
    replaceExisting: values['replace-existing'] || values['take-over'],
    importFile: values.import ?? null,
    help: values.help,
  };
}
