import { Lazy, Stack } from 'aws-cdk-lib';
import { CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { countFailures, createAccessLogs, statusIs } from './api-access-log';
import { createDefaultStage, type Throttle } from './api-stage';
import { countLines } from './log-metrics';

/**
 * Far above the traffic of a few thousand workers: this only caps the bill of a flood. It must stay far from real
 * traffic, because a 429 to a pre event makes Twilio reject the worker's message (twilio.md#webhook-semantics), and a
 * 429 to a post event loses it. Each route has its own limit, so that a flood of unsigned requests to one route
 * throttles no other. A flood at the limit costs about $9 an hour on one route (`npm run cost`): the function rejects
 * each request after one HMAC. The alarm signatures-refused fires within five minutes.
 */
const THROTTLE: Throttle = { rate: 1_000, burst: 2_000 };

/** Why a route has no API Gateway authorizer. */
const WHY_NO_AUTHORIZER = {
  Twilio:
    'Twilio uses neither IAM nor JWT but signs each request. The signature covers the body, which an authorizer of an HTTP API does not receive, so the function itself rejects unsigned requests before it calls DynamoDB, Airtable or Twilio.',
  Airtable:
    'Airtable uses neither IAM nor JWT but adds a message authentication code. It covers the body, which an authorizer of an HTTP API does not receive, so the function itself rejects a mismatch. A notification can only start a run of sync, which the schedule would start within minutes.',
} as const;

export interface RouteProps {
  readonly path: string;
  /** The caller, which signs the body to authenticate itself. */
  readonly caller: keyof typeof WHY_NO_AUTHORIZER;
  /** @default far above any team's traffic */
  readonly throttle?: Throttle;
}

/** Excludes Airtable's notifications: their number says nothing about the callbacks. */
const CALLBACKS = FilterPattern.stringValue('$.route', '=', 'POST /callbacks/*');

/**
 * The HTTP API that Twilio and Airtable call. It has only the default stage, so that signed URLs contain no stage name.
 */
export class CallbackApi extends Construct {
  /** Scheme and host, without a slash at the end. */
  readonly url: string;
  /** API Gateway's log of each request, including its own rejections. */
  readonly accessLogs: LogGroup;
  /** The failed callbacks (`countFailures`). */
  readonly failures: Metric;
  /** Requests that API Gateway throttled. */
  readonly throttled: Metric;
  private readonly api: HttpApi;
  private readonly stage: CfnStage;
  private readonly routeSettings: Record<string, object> = {};

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName} callbacks`,
      createDefaultStage: false,
    });
    this.url = this.api.apiEndpoint;
    this.accessLogs = createAccessLogs(this, 'callbacks');
    const { accessLogs } = this;
    this.failures = countFailures(this, { accessLogs, metricName: 'FailedRequests', requests: CALLBACKS });
    this.throttled = countLines(this, 'Throttled', {
      logGroup: accessLogs,
      // The service never returns 429 itself. API Gateway has no metric that tells it from other rejections.
      pattern: statusIs('=', '429'),
      metricName: 'ThrottledRequests',
      value: 1,
    });
    const stage = createDefaultStage(this, { httpApi: this.api, throttle: THROTTLE, accessLogs });
    const { defaultChild } = stage.node;
    if (!(defaultChild instanceof CfnStage))
      throw new Error('CDK no longer makes a CfnStage of an HttpStage');
    this.stage = defaultChild;
    this.stage.routeSettings = Lazy.any({ produce: () => this.routeSettings });
  }

  /** Routes POST requests for the path to the handler. */
  route({ path, caller, throttle = THROTTLE }: RouteProps, handler: LambdaFunction): void {
    const routes = this.api.addRoutes({
      path,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration(`${handler.node.id}Integration`, handler),
    });
    this.routeSettings[`POST ${path}`] = {
      ThrottlingRateLimit: throttle.rate,
      ThrottlingBurstLimit: throttle.burst,
    };
    for (const route of routes) {
      // API Gateway accepts no settings for a route that does not exist yet.
      this.stage.node.addDependency(route);
      acknowledge(route, { APIG4: WHY_NO_AUTHORIZER[caller] });
    }
  }

  /** Milliseconds between a request and its response, cold starts included. */
  get latency(): Metric {
    return this.api.metricLatency();
  }
}
