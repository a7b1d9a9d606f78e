import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS_NAMESPACE, SERVICE, SERVICE_METRICS } from '../../telemetry/metric-names';
import type { RequestLog } from '../../telemetry/request-log';

// Created with the first event: `npm start` switches metrics off after the handlers are loaded.
let ofContainer: Metrics | undefined;

/** Publishes what one event counted. A sweep that found nothing publishes that too, which ends an alarm. */
export function publishInboxMetrics({ events, traffic }: RequestLog): void {
  ofContainer ??= new Metrics({ namespace: METRICS_NAMESPACE, serviceName: SERVICE });
  for (const [name, count] of events) ofContainer.addMetric(name, MetricUnit.Count, count);
  if (traffic.Twilio.requests > 0) {
    ofContainer.addMetric(SERVICE_METRICS.twilioRequests, MetricUnit.Count, traffic.Twilio.requests);
  }
  if (ofContainer.hasStoredMetrics()) ofContainer.publishStoredMetrics();
}
