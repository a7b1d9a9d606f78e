import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

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
  private readonly api: HttpApi;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName} callbacks`,
      createDefaultStage: false,
    });
    this.url = this.api.apiEndpoint;
    new HttpStage(this, 'DefaultStage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLogs()),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_LINE)),
      },
    });
  }

  /** Has `callback` answer the POSTs to `path`. */
  route(path: string, callback: LambdaFunction): void {
    this.api.addRoutes({
      path,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration(`${callback.node.id}Integration`, callback),
    });
  }

  private accessLogs(): LogGroup {
    return new LogGroup(this, 'AccessLogs', {
      // API Gateway writes under this prefix without growing the account's one resource policy for logs, which is
      // small and whose filling up would stop the deployment.
      logGroupName: `/aws/vendedlogs/${Stack.of(this).stackName}/callbacks`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
