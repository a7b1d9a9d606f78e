import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type IFilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../lambdas/telemetry/metric-names';

export interface CountedLines {
  readonly logGroup: ILogGroup;
  readonly pattern: IFilterPattern;
  readonly metricName: string;
  readonly value: 0 | 1;
}

/** Publishes the value for each line of a log that matches the pattern. */
export function countLines(
  scope: Construct,
  id: string,
  { logGroup, pattern, metricName, value }: CountedLines,
): Metric {
  return new MetricFilter(scope, id, {
    logGroup,
    filterPattern: pattern,
    metricNamespace: METRICS_NAMESPACE,
    metricName,
    metricValue: String(value),
  }).metric({ statistic: 'Sum' });
}
