import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { metrics } from '../../container';
import { SERVICE_METRICS } from '../../telemetry/metric-names';
import type { RequestLog } from '../../telemetry/request-log';

/** Publishes what one event counted. A sweep that found nothing publishes that too, which ends an alarm. */
export function publishInboxMetrics({ events, traffic }: RequestLog): void {
  const ofContainer = metrics();
  for (const [name, count] of events) ofContainer.addMetric(name, MetricUnit.Count, count);
  if (traffic.Twilio.requests > 0) {
    ofContainer.addMetric(SERVICE_METRICS.twilioRequests, MetricUnit.Count, traffic.Twilio.requests);
  }
  if (ofContainer.hasStoredMetrics()) ofContainer.publishStoredMetrics();
}
