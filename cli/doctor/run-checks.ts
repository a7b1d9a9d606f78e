import { errorMessage } from '../../lambdas/errors';
import { AwsSetupError } from '../aws/aws-setup-error';
import { type DoctorContext, SkippedError } from './doctor-context';
import type { CheckResult, HealthCheck } from './health-check';

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
    if (error instanceof AwsSetupError) return { status: 'fail', message: error.problem, fix: error.fix };
    return {
      status: 'fail',
      message: errorMessage(error),
      fix: 'Fix the error above and run the doctor again',
    };
  }
}
