import { printableLine } from '../../lambdas/characters/visible-text';
import { errorMessage } from '../../lambdas/errors';
import { AwsSetupError } from '../aws/aws-errors';
import type { ConsoleOutput } from '../terminal/console-output';
import { counted } from '../terminal/counted';
import { type DoctorContext, SkippedError } from './doctor-context';
import { type CheckResult, failed, type HealthCheck } from './health-check';

/** A check with its result. */
export interface CheckReport {
  readonly check: HealthCheck;
  readonly outcome: CheckResult;
  /** The failed check because of which this one was skipped; null if it ran. */
  readonly skippedBecauseOf: HealthCheck | null;
  readonly milliseconds: number;
}

/**
 * Runs the checks one after the other, each after its dependencies. They do not run in parallel, so that the doctor
 * does not use up Airtable's rate limit.
 * @param onResult receives each result immediately.
 * @throws the signal's reason once it is aborted, because an aborted check did not fail.
 */
export async function runChecks(
  checks: readonly HealthCheck[],
  context: DoctorContext,
  onResult: (reports: CheckReport) => void,
): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const check of checks) {
    const startedAt = performance.now();
    const skippedBecauseOf = failedDependency(check, reports);
    const outcome = skippedBecauseOf === null ? await run(check, context) : skipped(skippedBecauseOf);
    context.pacing.signal?.throwIfAborted();
    const one = { check, outcome, skippedBecauseOf, milliseconds: Math.round(performance.now() - startedAt) };
    reports.push(one);
    onResult(one);
  }
  return reports;
}

/** Whether any check failed. A skipped check is the consequence of a failed one. */
export function hasFailures(reports: readonly CheckReport[]): boolean {
  return reports.some(({ outcome }) => outcome.status === 'fail');
}

function failedDependency({ dependsOn }: HealthCheck, reports: readonly CheckReport[]): HealthCheck | null {
  const needed = reports.filter(({ check }) => dependsOn.includes(check.id));
  const failed = needed.find(({ outcome }) => outcome.status === 'fail')?.check;
  return failed ?? needed.find(({ skippedBecauseOf }) => skippedBecauseOf !== null)?.skippedBecauseOf ?? null;
}

function skipped({ title }: HealthCheck): CheckResult {
  return {
    status: 'skip',
    message: `skipped (depends on ${title})`,
    fix: `Fix ${title} first`,
  };
}

async function run(check: HealthCheck, context: DoctorContext): Promise<CheckResult> {
  try {
    return await check.run(context);
  } catch (error) {
    if (error instanceof SkippedError) return { status: 'skip', message: error.message, fix: error.fix };
    if (error instanceof AwsSetupError) return failed(error.problem, error.fix);
    return failed(errorMessage(error), 'Fix the error above and run the doctor again');
  }
}

/** The number of a check's findings that the screen shows. */
const SHOWN = 10;

/** Prints each check when it ends, and its fix below. Checks behind a failed one are only counted. */
export class ReportPrinter {
  readonly #skipped = new Map<string, number>();

  constructor(private readonly screen: ConsoleOutput) {}

  print({ check, outcome, skippedBecauseOf }: CheckReport): void {
    if (skippedBecauseOf !== null) {
      const { title } = skippedBecauseOf;
      this.#skipped.set(title, (this.#skipped.get(title) ?? 0) + 1);
      return;
    }
    const text = `${check.title}: ${outcome.message}`;
    if (outcome.status === 'pass') this.screen.pass(text);
    else if (outcome.status === 'fail') showFailure(text, outcome, this.screen);
    else if (outcome.status === 'limited') this.screen.limited(text, `→ ${outcome.fix}`);
    else {
      this.screen.skip(text);
      this.screen.detail(`→ ${outcome.fix}`);
    }
  }

  /** Prints how many checks were skipped because of each failed one. */
  end(): void {
    for (const [title, count] of this.#skipped) {
      this.screen.skip(`${counted(count, 'check')} skipped (fix ${title} first)`);
    }
  }
}

type Failure = Extract<CheckResult, { readonly status: 'fail' }>;

function showFailure(text: string, { fix, findings = [] }: Failure, screen: ConsoleOutput): void {
  screen.fail(text, `→ ${fix}`);
  for (const { what, link } of findings.slice(0, SHOWN)) {
    screen.detail(`- ${printableLine(what)}${link === null ? '' : `  ${screen.dim(link)}`}`);
  }
  if (findings.length > SHOWN) {
    screen.detail(`… and ${findings.length - SHOWN} more: npx frontline doctor --json`);
  }
}

/** The summary line. */
export function summary(reports: readonly CheckReport[]): string {
  const count = (status: string) => reports.filter(({ outcome }) => outcome.status === status).length;
  const [passed, limited, failed, skipped] = [count('pass'), count('limited'), count('fail'), count('skip')];
  const parts = [`${passed} passed`, `${failed} failed`];
  if (limited > 0) parts.push(`${limited} with limits`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(', ');
}

/** The report as JSON. */
export function asJson(reports: readonly CheckReport[]): string {
  const checks = reports.map(({ check: { id, title }, outcome, milliseconds }) => ({
    id,
    title,
    ...outcome,
    milliseconds,
  }));
  return JSON.stringify({ ok: !hasFailures(reports), checks }, null, 2);
}
