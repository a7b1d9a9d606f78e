import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isKnownError, type KnownError } from '../errors/errors';
import type { Journal } from '../journal/journal';
import { CALLBACK_METRICS, METRICS_NAMESPACE, SERVICE, SERVICE_METRICS } from '../metrics/metric-names';
import type { WithJournal } from './callback-context';
import type { CallbackName } from './callback-name';
import type { HttpAnswer } from './http-answer';

type Counts = Readonly<Record<keyof typeof SERVICE_METRICS, number>>;

// Made with the first request: `npm start` switches metrics off after the handlers are loaded.
let container: Metrics | undefined;

/**
 * Publishes what a request came to and what it cost as metrics: lines of the log out of which CloudWatch makes them,
 * so that no request is made for them. Like the log line it comes before errors become answers, to see those too.
 */
export function publishMetrics(
  callback: CallbackName,
): MiddlewareObj<APIGatewayProxyEventV2, HttpAnswer, Error, WithJournal> {
  const publish = ({ context, response, error }: Request<unknown, HttpAnswer, Error, WithJournal>) => {
    container ??= new Metrics({ namespace: METRICS_NAMESPACE, serviceName: SERVICE });
    const { journal } = context;
    publishCallback(container, callback, journal, response?.statusCode ?? 500);
    publishService(container, countsOf(journal, error));
  };
  return { after: publish, onError: publish };
}

function publishCallback(metrics: Metrics, callback: CallbackName, journal: Journal, status: number): void {
  metrics
    .addDimension('callback', callback)
    .addMetric(CALLBACK_METRICS.requests, MetricUnit.Count, 1)
    .addMetric(CALLBACK_METRICS.errors, MetricUnit.Count, status >= 500 ? 1 : 0)
    .addMetric(CALLBACK_METRICS.milliseconds, MetricUnit.Milliseconds, journal.milliseconds)
    .publishStoredMetrics();
}

function publishService(metrics: Metrics, counts: Counts): void {
  for (const [what, name] of typedEntries(SERVICE_METRICS)) {
    if (counts[what] > 0) metrics.addMetric(name, MetricUnit.Count, counts[what]);
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
