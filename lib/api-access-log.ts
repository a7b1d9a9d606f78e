import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  FilterPattern,
  type ILogGroup,
  type JsonPattern,
  LogGroup,
  RetentionDays,
} from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { countLines } from './log-metrics';

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

export interface CountedFailures {
  readonly accessLogs: ILogGroup;
  readonly metricName: string;
  /** The requests that count. @default all */
  readonly requests?: JsonPattern;
}

/**
 * Counts the failed requests of an API: 1 for a response of status 500 or above, including those for functions that
 * crashed or timed out, and 0 for any other. The sum is the number of failures, the average their share.
 */
export function countFailures(
  scope: Construct,
  { accessLogs: logGroup, metricName, requests }: CountedFailures,
): Metric {
  const pattern = (comparison: '=' | '!=') =>
    FilterPattern.all(statusIs(comparison, '5*'), ...(requests === undefined ? [] : [requests]));
  // For an HTTP API, unlike a REST API, AWS does not document that the average of its metric `5xx` is a share.
  countLines(scope, 'Failures', { logGroup, metricName, pattern: pattern('='), value: 1 });
  return countLines(scope, 'Others', { logGroup, metricName, pattern: pattern('!='), value: 0 });
}
