import { askPerson } from '../terminal/prompts';
import { UsageError } from '../terminal/usage-error';
import type { Approval } from './apply';

/**
 * How a command's changes are agreed to: by its options, or by the person at the terminal.
 * @param enterMeans what Enter alone says: nothing that takes away is to be done by it.
 * @throws {UsageError} where there is neither.
 */
export function consentFor(
  command: string,
  { yes, dryRun }: { readonly yes: boolean; readonly dryRun: boolean },
  signal: AbortSignal,
  enterMeans: 'yes' | 'no' = 'yes',
): Approval {
  if (dryRun) return { kind: 'dry-run' };
  if (yes) return { kind: 'given' };
  if (process.stdin.isTTY && process.stdout.isTTY) {
    return { kind: 'asked', questions: askPerson(process.stdin, process.stdout, signal, enterMeans) };
  }
  throw new UsageError(
    `Nobody can be asked here, for this is no terminal: npm run ${command} -- --yes makes every change, and --dry-run only shows them`,
  );
}
