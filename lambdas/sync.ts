import * as v from 'valibot';
import { credentialsCache, logger, metrics, startSync } from './container';
import { errorMessage } from './errors';
import { logRun } from './sync/log-run';
import { openSync } from './sync/open-sync';
import { runSync } from './sync/run-sync';
import { SyncEvent } from './sync/sync-event';
import { publishSyncMetrics } from './sync/sync-metrics';
import { SyncReport } from './sync/sync-report';
import { redactNumbers } from './telemetry/redact';
import { RequestLog } from './telemetry/request-log';

/**
 * Runs sync once, and again if other runs were requested meanwhile.
 * @throws {Error} if the last run failed, so that Lambda counts it. The next scheduled run does the rest.
 */
export async function handler(event: unknown): Promise<void> {
  const request = v.parse(SyncEvent, event);
  const requestLog = new RequestLog();
  const reports = await run(request, requestLog);
  if (requestLog.credentialsWereRejected) credentialsCache().invalidate();
  for (const report of reports) {
    // The requests to Airtable are counted once, with the last of the runs.
    const sent = report === reports.at(-1) ? requestLog : new RequestLog();
    logRun(logger(), report, request, sent);
    publishSyncMetrics(metrics(), report, sent.traffic.Airtable);
  }
  const failure = reports.at(-1)?.failure ?? null;
  if (failure !== null) throw new Error(`Sync failed: ${redactNumbers(errorMessage(failure))}`);
}

async function run(request: SyncEvent, requestLog: RequestLog): Promise<SyncReport[]> {
  try {
    return await runSync(request, await openSync(requestLog), startSync);
  } catch (error) {
    const report = new SyncReport();
    report.failure = error;
    return [report];
  }
}
