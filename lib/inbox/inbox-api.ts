import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { API_BASE } from '../../lambdas/inbox/api';
import type { WorkersPool } from './workers-pool';

/** All scopes of an access token; a token of another kind has none. */
const SCOPES = ['openid'];

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
  readonly api: HttpApi;

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
    new HttpStage(this, 'DefaultStage', { httpApi: this.api, autoDeploy: true });
  }
}
