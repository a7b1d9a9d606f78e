import { terminalPrompts } from '../terminal/prompts';
import { UsageError } from '../terminal/usage-error';
import type { Approval } from './apply';

/**
 * Decides how a command's changes are approved: by its options, or by the user at the terminal.
 * @param enterMeans the default for Enter, which must not approve a deletion
 * @throws {UsageError} if there is neither an option nor a terminal
 */
export function approvalFor(
  { yes, dryRun }: { readonly yes: boolean; readonly dryRun: boolean },
  signal: AbortSignal,
  enterMeans: 'yes' | 'no' = 'yes',
): Approval {
  if (dryRun) return { kind: 'dry-run' };
  if (yes) return { kind: 'given' };
  if (process.stdin.isTTY && process.stdout.isTTY) {
    return { kind: 'asked', prompts: terminalPrompts(process.stdin, process.stdout, signal, enterMeans) };
  }
  throw new UsageError(
    'Not an interactive terminal. Use --yes to apply all changes or --dry-run to preview them',
  );
}
