import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  CALLBACK_DIMENSION,
  CALLBACK_METRICS,
  METRICS_NAMESPACE,
  SERVICE,
  SERVICE_METRICS,
  SYNC_METRICS,
} from '../lambdas/telemetry/metric-names';
import type { RouteName } from '../lambdas/twilio/callbacks';

/** A metric that the functions publish per callback, labelled with the callback's name. */
export function callbackMetric(
  what: keyof typeof CALLBACK_METRICS,
  callback: RouteName,
  statistic: string,
): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: CALLBACK_METRICS[what],
    dimensionsMap: { service: SERVICE, [CALLBACK_DIMENSION]: callback },
    statistic,
    label: callback,
  });
}

/** A count over all functions: the number of events in a period. */
export function serviceMetric(what: keyof typeof SERVICE_METRICS): Metric {
  return metricOfService(SERVICE_METRICS[what], 'Sum');
}

/** A metric that the runs of sync publish. */
export function syncMetric(what: keyof typeof SYNC_METRICS, statistic: 'Sum' | 'Maximum' | 'p50'): Metric {
  return metricOfService(SYNC_METRICS[what], statistic);
}

/** A metric that SQS publishes. */
export function queueMetric(queueName: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName: queueName },
    statistic: 'Maximum',
  });
}

function metricOfService(metricName: string, statistic: string): Metric {
  // No label: with one, CDK creates an alarm of the kind for metric math.
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service: SERVICE },
    statistic,
  });
}
