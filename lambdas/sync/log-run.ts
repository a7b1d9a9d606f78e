import type { Logger } from '@aws-lambda-powertools/logger';
import { describeError } from '../telemetry/describe-error';
import { redactNumbers } from '../telemetry/redact';
import type { RequestLog } from '../telemetry/request-log';
import type { SyncEvent } from './sync-event';
import type { SyncReport } from './sync-report';

/** Further faults are counted but not named. */
const MAX_FAULTS = 10;

/** Writes one JSON log line about a run. */
export function logRun(logger: Logger, report: SyncReport, { run }: SyncEvent, requestLog: RequestLog): void {
  const { warnings: other = [], ...traffic } = requestLog.entry();
  const faults = [...report.recordFaults].map(([id, reason]) => `${id}: ${redactNumbers(reason)}`);
  const warnings = [...report.warnings.map(redactNumbers), ...faults.slice(0, MAX_FAULTS), ...other];
  const level = report.failure !== null ? 'error' : warnings.length > 0 ? 'warn' : 'info';
  logger[level]('sync ran', {
    run,
    kind: report.kind,
    ...(report.passReason && { passReason: report.passReason }),
    ...traffic,
    milliseconds: report.milliseconds,
    recordsRead: report.recordsRead,
    customersWritten: report.customersWritten,
    customersDeleted: report.customersDeleted,
    ...(report.repairs !== null && { repairs: report.repairs }),
    ticks: report.ticks,
    unticks: report.unticks,
    ticksRestored: report.ticksRestored,
    optOutsWaiting: report.optOutsWaiting,
    recordFaults: faults.length,
    ...(report.webhookProblem && { webhookProblem: report.webhookProblem }),
    ...(warnings.length > 0 && { warnings }),
    ...(report.failure !== null && { failure: describeError(report.failure) }),
  });
}
