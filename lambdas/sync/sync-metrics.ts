import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { SERVICE_METRICS, SYNC_METRICS, type SyncMetric } from '../telemetry/metric-names';
import type { Traffic } from '../telemetry/request-log';
import { RequiredColumnsMissingError } from './required-columns';
import type { SyncReport } from './sync-report';

/** Publishes a run's results as log lines in CloudWatch's embedded metric format. */
export function publishSyncMetrics(
  metrics: Metrics,
  report: SyncReport,
  { requests, rateLimited }: Readonly<Traffic>,
): void {
  // A run that found another one at work has no information about the replica.
  if (report.kind === 'busy') return;
  for (const [name, value] of Object.entries(valuesOf(report, requests))) {
    const unit = name.endsWith('Seconds') ? MetricUnit.Seconds : MetricUnit.Count;
    metrics.addMetric(name, unit, value);
  }
  // Together with those of the callbacks, because they share the base's rate limit.
  if (rateLimited > 0) {
    metrics.addMetric(SERVICE_METRICS.airtableRateLimited, MetricUnit.Count, rateLimited);
  }
  // Powertools warns of metrics without one.
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

function valuesOf(report: SyncReport, airtableRequests: number): Partial<Record<SyncMetric, number>> {
  const { age, repairs, failure, oldestOptOutWaits, milliseconds } = report;
  const { replicaAgeSeconds, syncFailures, requiredColumnsMissing } = SYNC_METRICS;
  const { replicaRepairs, waitingOptOutSeconds, syncSeconds, syncAirtableRequests } = SYNC_METRICS;
  return {
    ...(age !== null && { [replicaAgeSeconds]: inSeconds(age) }),
    [syncFailures]: failure === null ? 0 : 1,
    [requiredColumnsMissing]: failure instanceof RequiredColumnsMissingError ? 1 : 0,
    [replicaRepairs]: repairs ?? 0,
    [waitingOptOutSeconds]: inSeconds(oldestOptOutWaits),
    [syncSeconds]: milliseconds / 1_000,
    [syncAirtableRequests]: airtableRequests,
  };
}

function inSeconds(milliseconds: number): number {
  return Math.round(milliseconds / 1_000);
}
