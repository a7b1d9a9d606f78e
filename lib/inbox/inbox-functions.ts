import type { Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { INBOX_STACK_VARIABLES } from '../../lambdas/inbox/inbox-configuration';
import type { CredentialsSecret } from '../credentials-secret';
import type { InboxFunctionName } from '../function-names';
import { countLines } from '../log-metrics';
import type { ReplicaTables } from '../replica-tables';
import { grantStartSync, ServiceFunction, type ServiceFunctionProps } from '../service-function';
import { grantTable, type NamedTable, WRITES } from '../tables';
import { grantEnqueue, type NamedQueue } from './event-queue';
import { INBOX_API, INBOX_EVENTS, INBOX_LIVE } from './inbox-functions-props';
import { INBOX_PERMISSIONS } from './inbox-permissions';
import type { LiveApi } from './live-api';

/** What the inbox uses of the service's stack. */
export interface ServiceParts {
  readonly stackName: string;
  readonly credentials: CredentialsSecret;
  readonly tables: ReplicaTables;
  readonly inboxTable: NamedTable;
  /** The topic that all alarms notify. */
  readonly alarmTopic: ITopic;
  /** The logs of the five callbacks. */
  readonly callbackLogs: readonly ILogGroup[];
}

export interface InboxFunctionsProps {
  readonly service: ServiceParts;
  readonly queue: NamedQueue;
  readonly live: LiveApi;
  /** The variables that every function of the inbox gets. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The inbox's functions, each with its permissions. They are children of the stack itself. */
export class InboxFunctions {
  readonly api: ServiceFunction<InboxFunctionName>;
  readonly events: ServiceFunction<InboxFunctionName>;
  readonly live: ServiceFunction<InboxFunctionName>;
  readonly all: readonly ServiceFunction<InboxFunctionName>[];
  /** Calls of the live socket's function that failed, crashes and time-outs included. */
  readonly liveFailures: Metric;

  constructor(stack: Stack, props: InboxFunctionsProps) {
    this.api = create(stack, 'InboxApiFunction', INBOX_API, props);
    this.events = create(stack, 'InboxEventsFunction', INBOX_EVENTS, props);
    this.live = create(stack, 'InboxLiveFunction', INBOX_LIVE, props);
    this.all = [this.api, this.events, this.live];
    for (const each of this.all) {
      // Each of them checks all of the inbox's settings, also those that it does not use.
      each.addEnvironment(INBOX_STACK_VARIABLES.queueUrl, props.queue.url);
      each.addEnvironment(INBOX_STACK_VARIABLES.liveUrl, props.live.url);
    }
    feed(this.events, props.queue);
    this.liveFailures = countLines(stack, 'LiveFailures', {
      logGroup: this.live.logGroup,
      // The WebSocket API's own metric would count rejected tickets as well.
      pattern: FilterPattern.anyTerm('ERROR', 'Task timed out', 'Runtime exited'),
      metricName: 'LiveFailures',
      value: 1,
    });
  }
}

function create(
  stack: Stack,
  id: string,
  props: Omit<ServiceFunctionProps<InboxFunctionName>, 'environment'>,
  { service, queue, live, environment }: InboxFunctionsProps,
): ServiceFunction<InboxFunctionName> {
  const created = new ServiceFunction(stack, id, { ...props, environment });
  const permissions = INBOX_PERMISSIONS[props.serviceName];
  const { replica, optOuts } = service.tables;
  grantTable(created, service.inboxTable, permissions.inbox);
  if (permissions.writesOnly !== null) denyOtherWrites(created, service.inboxTable, permissions.writesOnly);
  if (permissions.replica !== null) grantTable(created, replica, permissions.replica);
  if (permissions.optOuts !== null) grantTable(created, optOuts, permissions.optOuts);
  // Opening the inbox names every table, also one that the function does not use.
  else if (permissions.replica !== null) created.addEnvironment(optOuts.variable, optOuts.name);
  if (permissions.readsCredentials) service.credentials.grantRead(created);
  if (permissions.enqueues) grantEnqueue(created, queue);
  live.grantConnections(created, permissions.connections);
  if (permissions.startsSync) grantStartSync(stack, created, service.stackName);
  return created;
}

/** Keeps a function from writing to other partitions of a table, even if another statement allows it. */
function denyOtherWrites(user: LambdaFunction, { arn }: NamedTable, partitions: readonly string[]): void {
  user.addToRolePolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: WRITES.map((action) => `dynamodb:${action}`),
      resources: [arn],
      conditions: { 'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': [...partitions] } },
    }),
  );
}

/** Has Lambda hand the queue's events to the function. */
function feed(events: ServiceFunction<InboxFunctionName>, { arn }: NamedQueue): void {
  events.addToRolePolicy(
    new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [arn],
    }),
  );
  const mapping = new CfnEventSourceMapping(events, 'Events', {
    functionName: events.functionName,
    eventSourceArn: arn,
    // SQS's usual maximum. The function handles them at once.
    batchSize: 10,
    functionResponseTypes: ['ReportBatchItemFailures'],
    // Lambda's minimum: twenty events at once are more than Twilio answers without 429s, and a new account, which has ten
    // concurrent executions in all, keeps the rest for the callbacks.
    scalingConfig: { maximumConcurrency: 2 },
  });
  // Lambda checks when it creates the mapping that the role may read the queue.
  if (events.role !== undefined) mapping.node.addDependency(events.role);
}
