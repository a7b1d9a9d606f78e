import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { metrics } from '../container';
import { isKnownError, type KnownError } from '../errors';
import type { HttpResponse } from '../request/http-response';
import type { WithRequestLog } from '../request/request-context';
import {
  CALLBACK_DIMENSION,
  CALLBACK_METRICS,
  SERVICE_METRICS,
  type ServiceMetric,
} from '../telemetry/metric-names';
import type { RequestLog } from '../telemetry/request-log';
import type { RouteName } from '../twilio/callbacks';

/**
 * Publishes a request's outcome and cost as metrics. They are log lines from which CloudWatch extracts the metrics, so
 * that no request waits for them.
 */
export function publishMetrics(
  callback: RouteName,
): MiddlewareObj<APIGatewayProxyEventV2, HttpResponse, Error, WithRequestLog> {
  const publish = ({ context, response, error }: Request<unknown, HttpResponse, Error, WithRequestLog>) => {
    publishCallback(metrics(), callback, context.requestLog, response?.statusCode ?? 500);
    publishService(metrics(), countsOf(context.requestLog, error));
  };
  return { after: publish, onError: publish };
}

function publishCallback(
  published: Metrics,
  callback: RouteName,
  requestLog: RequestLog,
  status: number,
): void {
  published
    .addDimension(CALLBACK_DIMENSION, callback)
    .addMetric(CALLBACK_METRICS.requests, MetricUnit.Count, 1)
    .addMetric(CALLBACK_METRICS.errors, MetricUnit.Count, status >= 500 ? 1 : 0)
    .addMetric(CALLBACK_METRICS.milliseconds, MetricUnit.Milliseconds, requestLog.milliseconds)
    .publishStoredMetrics();
}

function publishService(published: Metrics, counts: ReadonlyMap<ServiceMetric, number>): void {
  for (const [name, count] of counts) {
    if (count > 0) published.addMetric(name, MetricUnit.Count, count);
  }
  if (published.hasStoredMetrics()) published.publishStoredMetrics();
}

function countsOf({ isColdStart, events, traffic }: RequestLog, error: unknown): Map<ServiceMetric, number> {
  const failedAs = (name: KnownError['name']) => (isKnownError(error) && error.name === name ? 1 : 0);
  const counts = new Map<ServiceMetric, number>([
    [SERVICE_METRICS.refusedSignatures, failedAs('NotSigned')],
    [SERVICE_METRICS.conversationsWithoutWorker, failedAs('ConversationWithoutWorker')],
    [SERVICE_METRICS.coldStarts, isColdStart ? 1 : 0],
    [SERVICE_METRICS.airtableRequests, traffic.Airtable.requests],
    [SERVICE_METRICS.airtableRateLimited, traffic.Airtable.rateLimited],
    [SERVICE_METRICS.airtableRetries, traffic.Airtable.retries],
    [SERVICE_METRICS.twilioRequests, traffic.Twilio.requests],
    [SERVICE_METRICS.twilioFailures, traffic.Twilio.failures],
  ]);
  for (const [metric, times] of events) counts.set(metric, (counts.get(metric) ?? 0) + times);
  return counts;
}
