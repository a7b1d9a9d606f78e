import { Aws, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { INBOX_STACK_VARIABLES } from '../../lambdas/inbox/inbox-configuration';

const STAGE = 'live';
/** Stands for the API's id in INBOX_CONNECTIONS_URL, which is not known before the deployment. */
const API_ID = '{api}';

export interface LiveApiProps {
  /** Replaces the API's management address, for trials; null for the API's own. */
  readonly connectionsUrl: string | null;
}

/** What a function may do with connections: write to them, or close them. */
type ConnectionUse = 'POST' | 'DELETE';

/** The WebSocket API, through which workers get events as they happen. */
export class LiveApi extends Construct {
  /** The address for browsers: `wss://…/live`. */
  readonly url: string;
  readonly api: WebSocketApi;
  private readonly connectionsUrl: string;

  constructor(scope: Construct, id: string, { connectionsUrl }: LiveApiProps) {
    super(scope, id);
    this.api = new WebSocketApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName} live`,
      routeSelectionExpression: '$request.body.action',
    });
    const address = `${this.api.apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${STAGE}`;
    this.url = `wss://${address}`;
    this.connectionsUrl = connectionsUrl?.replaceAll(API_ID, this.api.apiId) ?? `https://${address}`;
    new WebSocketStage(this, 'Stage', { webSocketApi: this.api, stageName: STAGE, autoDeploy: true });
  }

  /** Has the function answer every route. */
  answerWith(handler: LambdaFunction): void {
    for (const route of ['$connect', '$disconnect', '$default']) {
      this.api.addRoute(route, {
        integration: new WebSocketLambdaIntegration(`${route.slice(1)}Integration`, handler),
      });
    }
  }

  /** Lets a function use this stage's connections, and sets the variable with their address. */
  grantConnections(user: LambdaFunction, uses: readonly ConnectionUse[]): void {
    const stage = Stack.of(this).formatArn({
      service: 'execute-api',
      resource: this.api.apiId,
      resourceName: STAGE,
    });
    user.addToRolePolicy(
      new PolicyStatement({
        actions: ['execute-api:ManageConnections'],
        resources: uses.map((use) => `${stage}/${use}/@connections/*`),
      }),
    );
    user.addEnvironment(INBOX_STACK_VARIABLES.connectionsUrl, this.connectionsUrl);
  }
}
