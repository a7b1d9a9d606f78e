import { abortable } from '../../lambdas/http-client/abortable';
import type { Screen } from '../terminal/console-output';
import type { Questions } from '../terminal/prompts';
import type { Change, Difference, Plan, Step } from './plan';

/** How changes are approved: shown only, applied after a yes, or applied at once. */
export type Approval =
  | { readonly kind: 'dry-run' }
  | { readonly kind: 'given' }
  | { readonly kind: 'asked'; readonly questions: Questions };

/** The result of a step. */
export interface StepOutcome {
  readonly made: 'nothing to do' | 'done' | 'declined' | 'only shown';
  /** Whether no change and no manual step remains. */
  readonly isComplete: boolean;
}

/**
 * Plans one system, shows settings that are up to date, changes and manual steps, and applies the approved changes.
 * @throws {ApplyError} naming the change that failed; earlier changes are kept
 */
export async function applyPlan(
  step: Step,
  screen: Screen,
  consent: Approval,
  signal: AbortSignal,
): Promise<StepOutcome> {
  signal.throwIfAborted();
  screen.heading(step.name);
  const survey = await screen.working('Looking', () => abortable(signal, () => step.survey()));
  show(survey, screen);
  const { changes, obstacles } = survey;
  const isFree = obstacles.length === 0;
  if (changes.length === 0) return { made: 'nothing to do', isComplete: isFree };
  if (consent.kind === 'dry-run') return { made: 'only shown', isComplete: false };
  if (consent.kind === 'asked' && !(await consent.questions.agree(question(changes)))) {
    return { made: 'declined', isComplete: false };
  }
  for (const change of changes) {
    await make(change, screen, signal);
  }
  return { made: 'done', isComplete: isFree };
}

/** A change failed. */
export class ApplyError extends Error {
  override readonly name = 'ChangeFailed';

  constructor(summary: string, cause: unknown) {
    super(`${summary}: not done. ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function make(change: Change, screen: Screen, signal: AbortSignal): Promise<void> {
  await screen.task(change.summary, async (tell) => {
    try {
      await abortable(signal, () => change.apply(tell));
    } catch (cause) {
      signal.throwIfAborted();
      throw new ApplyError(change.summary, cause);
    }
  });
}

function show({ right, changes, obstacles }: Plan, screen: Screen): void {
  for (const text of right) screen.right(text);
  for (const { summary, difference } of changes) {
    screen.plan(summary);
    for (const each of difference) screen.detail(inWords(each));
  }
  for (const { what, remedy } of obstacles) screen.wrong(what, remedy);
}

function inWords({ what, from, to }: Difference): string {
  return `${what}: ${from ?? '(nothing)'} → ${to ?? '(nothing)'}`;
}

function question({ length }: readonly Change[]): string {
  return length === 1 ? 'Make this change?' : `Make these ${length} changes?`;
}
