import type { Environment } from '../../lambdas/config';
import type { Pacing } from '../airtable/rate-limited-base';
import type { ConsoleOutput } from '../terminal/console-output';
import { AIRTABLE_CHECKS } from './airtable-checks';
import { CONFIGURATION_CHECK } from './configuration-checks';
import { DATA_CHECKS } from './data-checks';
import { doctorContext } from './doctor-context';
import type { HealthCheck } from './health-check';
import { inboxChecks } from './inbox-checks';
import { OKTA_CHECK } from './okta-check';
import { PROBE_CHECKS } from './probe-checks';
import { REPLICA_CHECKS } from './replica-checks';
import { REPLICA_DATA_CHECKS, ROLLBACK_CHECKS } from './replica-data-checks';
import { type CheckReport, hasFailures, ReportPrinter, runChecks, summary } from './run-checks';
import { STACK_CHECKS } from './stack-checks';
import { MESSAGING_CHECK, TWILIO_CHECKS, TWILIO_KEY_CHECK, TWILIO_TOKEN_CHECK } from './twilio-checks';

const FOUNDATIONS = [CONFIGURATION_CHECK, ...AIRTABLE_CHECKS, TWILIO_TOKEN_CHECK, ...STACK_CHECKS];

/** All checks, in the order of setup. @param inbox those of the inbox, if any */
function allChecks(environment: Environment, inbox: readonly HealthCheck[]): readonly HealthCheck[] {
  return [
    ...FOUNDATIONS,
    ...(environment['TWILIO_API_KEY_SID'] ? [TWILIO_KEY_CHECK] : []),
    ...inbox,
    ...TWILIO_CHECKS,
    ...(inbox.length > 0 ? [MESSAGING_CHECK] : []),
    ...REPLICA_CHECKS,
    ...PROBE_CHECKS,
    ...REPLICA_DATA_CHECKS,
    ...DATA_CHECKS,
    ...(environment['OKTA_API_TOKEN'] ? [OKTA_CHECK] : []),
  ];
}

const BEFORE_ROLLBACK: readonly HealthCheck[] = [
  ...FOUNDATIONS.filter(({ id }) => ROLLBACK_CHECKS.some(({ dependsOn }) => dependsOn.includes(id))),
  ...ROLLBACK_CHECKS,
];

/** The doctor's surroundings and its request rate. */
export interface Diagnosis {
  /** `.env`, overridden by the environment. */
  readonly environment: Environment;
  readonly pacing: Pacing;
  /** Whether only the checks before a rollback to a version without a replica run. */
  readonly beforeRollback?: boolean;
}

/** Runs the doctor, one line per check. @returns whether no check failed */
export async function diagnose({
  screen,
  ...diagnosis
}: Diagnosis & { readonly screen: ConsoleOutput }): Promise<boolean> {
  const printer = new ReportPrinter(screen);
  const reports = await examineService(diagnosis, (one) => printer.print(one));
  printer.end();
  screen.line(`\n${summary(reports)}`);
  return !hasFailures(reports);
}

/** Runs all checks. */
export async function examineService(
  { environment, pacing, beforeRollback = false }: Diagnosis,
  onResult: (reports: CheckReport) => void,
): Promise<readonly CheckReport[]> {
  const context = doctorContext(environment, pacing);
  if (beforeRollback) return runChecks(BEFORE_ROLLBACK, context, onResult);
  return runChecks(allChecks(environment, await inboxChecks(context)), context, onResult);
}
