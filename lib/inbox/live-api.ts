import { Aws, Stack } from 'aws-cdk-lib';
import { CfnApi, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { INBOX_STACK_VARIABLES } from '../../lambdas/inbox/inbox-configuration';
import { acknowledge } from '../acknowledge';
import { type Throttle, throttleSettings } from '../api-stage';

const STAGE = 'live';
/** Stands for the API's id in INBOX_CONNECTIONS_URL, which is not known before the deployment. */
const API_ID = '{api}';

/**
 * Frames and connections of all workers together: a worker's tab sends a ping every five minutes. API Gateway allows an
 * account 500 new connections a second.
 */
const THROTTLE: Throttle = { rate: 100, burst: 200 };

const WHY_NO_AUTHORIZER =
  'A browser can send no header with a WebSocket, and an address is logged in many places, so a token must not be in it. The function itself accepts only a ticket of thirty seconds that works once, which inbox-api gives to a signed-in worker. The other routes serve connections that were let in.';

const WHY_NO_ACCESS_LOG =
  "Unlike an HTTP API's, the access log of a WebSocket API needs a role in the account's settings of API Gateway, which all APIs of the region share. Without that role the deployment fails, and setting it would change what other services rely on. The function writes a line for each connection instead, without the query, where the ticket is.";

const WHY_EVERY_CONNECTION =
  'The ids of connections are given by API Gateway when browsers connect, so no policy can name them. The statement names this API, this stage and the methods that the function uses.';

export interface LiveApiProps {
  /** Replaces the API's management address, for trials; null for the API's own. */
  readonly connectionsUrl: string | null;
}

/** What a function may do with connections: write to them, or close them. */
export type ConnectionUse = 'POST' | 'DELETE';

/** The WebSocket API, through which workers get events as they happen. */
export class LiveApi extends Construct {
  /** The address for browsers: `wss://…/live`. */
  readonly url: string;
  private readonly api: WebSocketApi;
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
    const stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: STAGE,
      autoDeploy: true,
      throttle: throttleSettings(THROTTLE),
    });
    acknowledge(stage, { APIG1: WHY_NO_ACCESS_LOG });
  }

  /** Routes every event to the function. */
  routeTo(handler: LambdaFunction): void {
    for (const route of ['$connect', '$disconnect', '$default']) {
      const added = this.api.addRoute(route, {
        integration: new WebSocketLambdaIntegration(`${route.slice(1)}Integration`, handler),
      });
      acknowledge(added, { APIG4: WHY_NO_AUTHORIZER });
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
    if (user.role !== undefined) {
      acknowledge(
        user.role,
        Object.fromEntries(uses.map((use) => [this.wildcardRule(use), WHY_EVERY_CONNECTION])),
      );
    }
    user.addEnvironment(INBOX_STACK_VARIABLES.connectionsUrl, this.connectionsUrl);
  }

  /** The rule's finding of the wildcard, which it names by the API's logical id. */
  private wildcardRule(use: ConnectionUse): string {
    const { defaultChild } = this.api.node;
    if (!(defaultChild instanceof CfnApi)) throw new Error('CDK no longer makes a CfnApi of a WebSocketApi');
    const api = `<${Stack.of(this).getLogicalId(defaultChild)}>`;
    const account = 'arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>';
    return `IAM5[Resource::${account}:${api}/${STAGE}/${use}/@connections/*]`;
  }
}
