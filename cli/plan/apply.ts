import { abortable } from '../../lambdas/http-client/deadline';
import { UsageError } from '../../lib/user-error';
import type { ConsoleOutput } from '../terminal/console-output';
import { type Prompts, terminalPrompts } from '../terminal/prompts';
import type { Change, Diff, ManualStep, Plan, Reconciler } from './plan';

/** How changes are approved: shown only, applied after a yes, or applied at once. */
export type Approval =
  | { readonly kind: 'dry-run' }
  | { readonly kind: 'given' }
  | { readonly kind: 'asked'; readonly prompts: Prompts };

/** The last line of a dry run. */
export const NOTHING_CHANGED = '\nDry run: nothing was changed.';

/** The result of a step. */
export interface ReconcileResult {
  readonly outcome: 'up to date' | 'applied' | 'declined' | 'previewed';
  /** Whether no change and no manual step remains. */
  readonly isComplete: boolean;
  /** Manual steps, and changes that failed but that the others do without. */
  readonly left: readonly ManualStep[];
}

/**
 * Plans one system, shows settings that are up to date, changes and manual steps, and applies the approved changes.
 * @throws {ApplyError} naming the change that failed, unless the others do without it; earlier changes are kept
 */
export async function applyPlan(
  step: Reconciler,
  screen: ConsoleOutput,
  approval: Approval,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  signal.throwIfAborted();
  screen.heading(step.name);
  const plan = await screen.working('Checking…', () => abortable(signal, () => step.plan()));
  show(plan, screen);
  const { changes, manualSteps } = plan;
  const left = [...manualSteps];
  if (changes.length === 0) return { outcome: 'up to date', isComplete: left.length === 0, left };
  if (approval.kind === 'dry-run') return { outcome: 'previewed', isComplete: false, left };
  if (approval.kind === 'asked' && !(await approval.prompts.confirm(question(changes)))) {
    return { outcome: 'declined', isComplete: false, left };
  }
  for (const change of changes) {
    try {
      await make(change, screen, signal);
    } catch (error) {
      const fix = change.fixIfItFails;
      if (!(error instanceof ApplyError) || fix === undefined) throw error;
      screen.limited(error.message, fix);
      left.push({ what: error.message, fix });
    }
  }
  return { outcome: 'applied', isComplete: left.length === 0, left };
}

/** A change failed. */
export class ApplyError extends Error {
  override readonly name = 'ApplyError';

  constructor(summary: string, cause: unknown) {
    super(`Failed: ${summary}. ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function make(change: Change, screen: ConsoleOutput, signal: AbortSignal): Promise<void> {
  await screen.task(change.summary, async (onProgress) => {
    try {
      await abortable(signal, () => change.apply(onProgress));
    } catch (cause) {
      signal.throwIfAborted();
      throw new ApplyError(change.summary, cause);
    }
  });
}

function show({ upToDate, changes, manualSteps }: Plan, screen: ConsoleOutput): void {
  for (const text of upToDate) screen.pass(text);
  for (const { summary, diff } of changes) {
    screen.plan(summary);
    for (const each of diff) screen.detail(formatDiff(each));
  }
  for (const { what, fix } of manualSteps) screen.fail(what, fix);
}

function formatDiff({ what, from, to }: Diff): string {
  return `${what}: ${from ?? '(none)'} → ${to ?? '(none)'}`;
}

function question({ length }: readonly Change[]): string {
  return length === 1 ? 'Apply this change?' : `Apply ${length} changes?`;
}

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
