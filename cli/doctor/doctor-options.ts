import { parseWords } from '../terminal/parse-args';

export const DOCTOR_HELP = `Looks at everything that the service needs, from the settings to the rows of the base, and changes nothing.

  npm run doctor              a line a check: ✓ right, ✗ wrong and what to do, ! works with limits, ? not looked at
  npm run doctor -- --json    the same for machines, with every finding; npm run --silent leaves npm's own words out
  npm run doctor -- --before-rollback
                              only whether the service may go back to a version without a replica: not while an
                              opt-out would be lost by it

The exit status is 1 where anything is wrong.`;

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
