import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  FilterPattern,
  type IFilterPattern,
  type ILogGroup,
  type JsonPattern,
  LogGroup,
  MetricFilter,
  RetentionDays,
} from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../lambdas/telemetry/metric-names';

/** One line per request, to tell API Gateway's rejections from the service's: without body, query and headers. */
const ACCESS_LOG_LINE = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  integrationError: '$context.integrationErrorMessage',
  error: '$context.error.message',
  responseBytes: '$context.responseLength',
};

/** Requests per second: sustained, and in a burst. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

/** The log of an HTTP API. @param name the API's name within the stack */
export function createAccessLogs(scope: Construct, name: string): LogGroup {
  return new LogGroup(scope, 'AccessLogs', {
    // API Gateway writes under this prefix without growing the account's one resource policy for logs. That policy is
    // small, and the deployment fails when it is full.
    logGroupName: `/aws/vendedlogs/${Stack.of(scope).stackName}/${name}`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** Has a stage write a line for each request. */
export function accessLogSettings(logGroup: LogGroup): IAccessLogSettings {
  return {
    destination: new LogGroupLogDestination(logGroup),
    format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_LINE)),
  };
}

/** Lines of an access log by the status, which is a text there. */
export function statusIs(comparison: '=' | '!=', pattern: string): JsonPattern {
  return FilterPattern.stringValue('$.status', comparison, pattern);
}

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
