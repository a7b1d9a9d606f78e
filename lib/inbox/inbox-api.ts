import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { API_BASE } from '../../lambdas/inbox/api';
import { countFailures, createAccessLogs } from '../api-access-log';
import { createDefaultStage, type Throttle } from '../api-stage';
import type { SIGN_IN_SCOPES } from './sign-in';
import type { WorkersPool } from './workers-pool';

/** A scope of every access token of the app. An id token, whose audience is the same client, has none. */
const SCOPES: (typeof SIGN_IN_SCOPES)[number][] = ['openid'];

/**
 * Of all workers together, far above the traffic of hundreds: this only caps the bill of a flood, whose requests API
 * Gateway counts before it checks their tokens. One worker's limits are the function's (`limit-requests.ts`).
 */
const THROTTLE: Throttle = { rate: 200, burst: 400 };

export interface InboxApiProps {
  readonly handler: LambdaFunction;
  readonly workers: WorkersPool;
  /** The only origin whose pages may read responses. */
  readonly siteUrl: string;
}

/** The HTTP API of the app. API Gateway lets in only access tokens of the app's client. */
export class InboxApi extends Construct {
  /** Scheme and host, without a slash at the end. */
  readonly url: string;
  /** API Gateway's log of each request, including its own rejections. */
  readonly accessLogs: LogGroup;
  /** The failed requests (`countFailures`). */
  readonly failures: Metric;
  private readonly api: HttpApi;

  constructor(scope: Construct, id: string, { handler, workers, siteUrl }: InboxApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName} API`,
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: [siteUrl],
        allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT],
        allowHeaders: ['authorization', 'content-type'],
        maxAge: Duration.hours(2),
      },
    });
    this.url = `https://${this.api.apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
    this.api.addRoutes({
      path: `${API_BASE}/{proxy+}`,
      methods: [HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT],
      integration: new HttpLambdaIntegration('Integration', handler),
      authorizer: new HttpUserPoolAuthorizer('Workers', workers.pool, { userPoolClients: [workers.client] }),
      authorizationScopes: SCOPES,
    });
    this.accessLogs = createAccessLogs(this, 'api');
    const { accessLogs } = this;
    this.failures = countFailures(this, { accessLogs, metricName: 'InboxFailedRequests' });
    createDefaultStage(this, { httpApi: this.api, throttle: THROTTLE, accessLogs });
  }

  /** Milliseconds between a request and its response, cold starts included. */
  get latency(): Metric {
    return this.api.metricLatency();
  }
}
