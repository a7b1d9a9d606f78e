import { type DoctorContext, doctorContext } from '../../../cli/doctor/doctor-context';
import type { CheckResult, HealthCheck } from '../../../cli/doctor/health-check';
import { runChecks } from '../../../cli/doctor/run-checks';
import { FAST } from '../airtable/team';

/** Runs the checks with parts of the context replaced. @returns each result by the id of its check */
export async function examine(
  checks: readonly HealthCheck[],
  replaced: Partial<DoctorContext>,
): Promise<ReadonlyMap<string, CheckResult>> {
  const reports = await runChecks(checks, doctorContext({}, FAST, replaced), () => undefined);
  return new Map(reports.map(({ check, outcome }) => [check.id, outcome]));
}

/** Runs one check without its dependencies. */
export async function examineOne(
  checks: readonly HealthCheck[],
  id: string,
  replaced: Partial<DoctorContext>,
): Promise<CheckResult> {
  const [result] = (
    await examine(
      checks.filter((check) => check.id === id),
      replaced,
    )
  ).values();
  if (result === undefined) throw new Error(`There is no check ${id}`);
  return result;
}

/** The ids of the checks with this status, in their order. */
export function idsWith(
  results: ReadonlyMap<string, CheckResult>,
  status: CheckResult['status'],
): readonly string[] {
  return [...results].flatMap(([id, result]) => (result.status === status ? [id] : []));
}
