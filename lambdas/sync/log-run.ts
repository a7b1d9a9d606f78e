import { Logger } from '@aws-lambda-powertools/logger';
import { describeError } from '../callback/describe-error';
import type { Journal } from '../journal/journal';
import { maskNumbers } from '../journal/mask';
import { SERVICE } from '../metrics/metric-names';
import type { SyncEvent } from './sync-event';
import type { SyncReport } from './sync-report';

const logger = new Logger({ serviceName: SERVICE });

/** More are counted and not named. */
const MOST_FAULTS = 10;

/** Writes one JSON line about a run. */
export function logRun(report: SyncReport, { run }: SyncEvent, journal: Journal): void {
  const { warnings: other = [], ...traffic } = journal.entry();
  const faults = [...report.recordFaults].map(([id, reason]) => `${id}: ${maskNumbers(reason)}`);
  const warnings = [...report.warnings.map(maskNumbers), ...faults.slice(0, MOST_FAULTS), ...other];
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
