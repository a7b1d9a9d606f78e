import { UsageError } from '../../local/settings/usage-error';
import { askPerson } from '../terminal/questions';
import type { Consent } from './carry-out';

/**
 * How a command's changes are agreed to: by its options, or by the person at the terminal.
 * @throws {UsageError} where there is neither.
 */
export function consentFor(
  command: string,
  { yes, dryRun }: { readonly yes: boolean; readonly dryRun: boolean },
  signal: AbortSignal,
): Consent {
  if (dryRun) return { kind: 'dry-run' };
  if (yes) return { kind: 'given' };
  if (process.stdin.isTTY && process.stdout.isTTY) {
    return { kind: 'asked', questions: askPerson(process.stdin, process.stdout, signal) };
  }
  throw new UsageError(
    `Nobody can be asked here, for this is no terminal: npm run ${command} -- --yes makes every change, and --dry-run only shows them`,
  );
}
