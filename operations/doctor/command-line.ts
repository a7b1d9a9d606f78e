import { parseWords } from '../terminal/parse-words';

export const DOCTOR_HELP = `Looks at everything that the service needs, from the settings to the rows of the base, and changes nothing.

  npm run doctor              a line a check: ✓ right, ✗ wrong and what to do, ? not looked at
  npm run doctor -- --json    the same for machines, with every finding; npm run --silent leaves npm's own words out

The exit status is 1 where anything is wrong.`;

/** Options of `npm run doctor` that npm itself would take. */
export const DOCTOR_OPTIONS = ['json'];

export interface DoctorOptions {
  readonly json: boolean;
  readonly help: boolean;
}

/** Reads the words behind `npm run doctor --`. @throws {UsageError} for an option that there is not. */
export function parseDoctorOptions(words: readonly string[]): DoctorOptions {
  const flag = { type: 'boolean', default: false } as const;
  return parseWords(words, { json: flag, help: { ...flag, short: 'h' } }, DOCTOR_HELP);
}
