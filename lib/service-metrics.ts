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

/** What the functions publish by callback, named after the callback where it is shown. */
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

/** What the functions count together: how many there were in a period. */
export function serviceMetric(what: keyof typeof SERVICE_METRICS): Metric {
  return metricOfService(SERVICE_METRICS[what], 'Sum');
}

/** What the runs of sync publish. */
export function syncMetric(what: keyof typeof SYNC_METRICS, statistic: 'Sum' | 'Maximum' | 'p50'): Metric {
  return metricOfService(SYNC_METRICS[what], statistic);
}

function metricOfService(metricName: string, statistic: string): Metric {
  // No label: with one, CDK makes an alarm of the kind for calculated metrics.
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service: SERVICE },
    statistic,
  });
}
