import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../lambdas/metrics/metric-names';

/** One line a request, for telling API Gateway's refusals from our own: neither body nor query nor headers. */
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

/**
 * Far above what a team's chats bring and what Airtable's 5 requests a second could feed: this caps the bill of a
 * flood. It must not come near real traffic, because a 429 to a pre event makes Twilio refuse the worker's message
 * (Twilio contract 6.1).
 */
const THROTTLE = { rateLimit: 100, burstLimit: 200 };

/** The HTTP API that Twilio calls, on its default stage, so that no stage's name is part of what is signed. */
export class CallbackApi extends Construct {
  /** Scheme and host, without a slash at the end. */
  readonly url: string;
  /** What API Gateway says of each request, its own refusals included. */
  readonly accessLogs: LogGroup;
  /**
   * 1 for an answer of status 500 or above, those for functions that crashed or ran out of time among them, and 0 for
   * any other: the sum counts the failures, the average is their share.
   */
  readonly failures: Metric;
  /** Requests that the throttle turned away. */
  readonly throttled: Metric;
  private readonly api: HttpApi;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName} callbacks`,
      createDefaultStage: false,
    });
    this.url = this.api.apiEndpoint;
    this.accessLogs = this.createAccessLogs();
    // For an HTTP API, unlike a REST API, AWS does not say that its metric `5xx` has an average that is a share.
    this.counted('Failures', 'FailedRequests', { status: '5*', is: '=', value: 1 });
    this.failures = this.counted('Others', 'FailedRequests', { status: '5*', is: '!=', value: 0 });
    // We never answer 429 ourselves. API Gateway has no metric that tells it from other refusals.
    this.throttled = this.counted('Throttled', 'ThrottledRequests', { status: '429', is: '=', value: 1 });
    new HttpStage(this, 'DefaultStage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_LINE)),
      },
    });
  }

  /** Has `callback` answer the POSTs to `path`. */
  route(path: string, callback: LambdaFunction): void {
    const routes = this.api.addRoutes({
      path,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration(`${callback.node.id}Integration`, callback),
    });
    for (const route of routes) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions::AwsSolutions-APIG4',
        reason:
          'The caller is Twilio, which signs in with neither IAM nor JWT but signs each request. The signature covers the body, which no authorizer of an HTTP API sees, so the function itself refuses what is not signed, before Airtable or Twilio is asked.',
      });
    }
  }

  /** Milliseconds between a request and its answer, cold starts included. */
  get latency(): Metric {
    return this.api.metricLatency();
  }

  /** Has the metric get the value for each line of the access log whose status is as told. */
  private counted(
    id: string,
    metricName: string,
    { status, is, value }: { readonly status: string; readonly is: '=' | '!='; readonly value: 0 | 1 },
  ): Metric {
    return new MetricFilter(this, id, {
      logGroup: this.accessLogs,
      filterPattern: FilterPattern.stringValue('$.status', is, status),
      metricNamespace: METRICS_NAMESPACE,
      metricName,
      metricValue: String(value),
    }).metric({ statistic: 'Sum' });
  }

  private createAccessLogs(): LogGroup {
    return new LogGroup(this, 'AccessLogs', {
      // API Gateway writes under this prefix without growing the account's one resource policy for logs, which is
      // small and whose filling up would stop the deployment.
      logGroupName: `/aws/vendedlogs/${Stack.of(this).stackName}/callbacks`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
