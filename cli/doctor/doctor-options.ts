import { parseWords } from '../terminal/parse-args';

export const DOCTOR_HELP = `Checks everything that the service needs, from the settings to the rows of the base, and changes nothing.

  npm run doctor              one line per check: ✓ passed, ✗ failed (with fix), ! works with limits, – skipped
  npm run doctor -- --json    the same for machines, with every finding; npm run --silent omits npm's own output
  npm run doctor -- --before-rollback
                              only checks whether a rollback to a version without a replica would lose an opt-out

The exit status is 1 if a check fails.`;

/** Options of `npm run doctor` that npm itself would consume. */
export const DOCTOR_OPTIONS = ['json', 'before-rollback'];

export interface DoctorOptions {
  readonly json: boolean;
  readonly beforeRollback: boolean;
  readonly help: boolean;
}

/** Parses the arguments after `npm run doctor --`. @throws {UsageError} for an unknown option */
export function parseDoctorOptions(words: readonly string[]): DoctorOptions {
  const flag = { type: 'boolean', default: false } as const;
  const options = { json: flag, 'before-rollback': flag, help: { ...flag, short: 'h' } } as const;
  const { json, help, 'before-rollback': beforeRollback } = parseWords(words, options, DOCTOR_HELP);
  return { json, beforeRollback, help };
}
