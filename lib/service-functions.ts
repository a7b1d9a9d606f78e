import { ArnFormat, Aws, Duration, type Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { STACK_VARIABLES } from '../lambdas/config';
import { webhookKey } from '../lambdas/replica/keys';
import type { SyncEvent } from '../lambdas/sync/sync-event';
import { CALLBACK_NAMES } from '../lambdas/twilio/callbacks';
import type { CallbackApi } from './callback-api';
import type { CredentialsSecret } from './credentials-secret';
import { functionPermissions } from './function-permissions';
import type { ReplicaTables } from './replica-tables';
import {
  AIRTABLE_WEBHOOK,
  callbackProps,
  invocationOf,
  ServiceFunction,
  type ServiceFunctionProps,
  SYNC,
} from './service-function';
import { callbackId, syncFunctionName } from './stack-names';
import { grantTable } from './tables';

export interface ServiceFunctionsProps {
  readonly api: CallbackApi;
  readonly credentials: CredentialsSecret;
  readonly tables: ReplicaTables;
  readonly baseId: string;
  /** The variables that every function gets. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Airtable bundles changes into few notifications, and repeats a throttled one (airtable.md#webhook-notifications). */
const PING_THROTTLE = { rate: 50, burst: 100 };

/** All functions of the service, each with its route and permissions. They are children of the stack itself. */
export class ServiceFunctions {
  readonly callbacks: readonly ServiceFunction[];
  readonly airtableWebhook: ServiceFunction;
  readonly sync: ServiceFunction;
  /** The functions that tell the inbox what happened. */
  readonly inboxSenders: readonly ServiceFunction[];
  /** Those among them that find chats by an address. */
  readonly chatFinders: readonly ServiceFunction[];

  constructor(stack: Stack, { api, credentials, tables, baseId, environment }: ServiceFunctionsProps) {
    const permissions = functionPermissions(webhookKey(baseId).pk);
    const create = (id: string, props: Omit<ServiceFunctionProps, 'environment'>) => {
      const created = new ServiceFunction(stack, id, { ...props, environment });
      const { replica, optOuts, readsCredentials } = permissions[created.serviceName];
      if (readsCredentials) credentials.grantRead(created);
      if (replica !== null) grantTable(created, tables.replica, replica);
      if (optOuts !== null) grantTable(created, tables.optOuts, optOuts);
      return created;
    };

    // A fixed name, because sync needs its own name, and a generated one cannot refer to itself.
    const syncName = syncFunctionName(stack.stackName);
    const syncArn = stack.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: syncName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.sync = create('SyncFunction', { ...SYNC, functionName: syncName });
    this.airtableWebhook = create('AirtableWebhookFunction', AIRTABLE_WEBHOOK);
    api.route(
      { path: AIRTABLE_WEBHOOK.path, caller: 'Airtable', throttle: PING_THROTTLE },
      this.airtableWebhook,
    );
    this.callbacks = CALLBACK_NAMES.map((name) => {
      const { path, ...props } = callbackProps(name);
      const callback = create(`${callbackId(name)}Callback`, props);
      api.route({ path, caller: 'Twilio' }, callback);
      return callback;
    });
    this.inboxSenders = [this.sync, ...this.callbacks].filter(
      ({ serviceName }) => permissions[serviceName].tellsInbox,
    );
    this.chatFinders = this.inboxSenders.filter(({ serviceName }) => permissions[serviceName].findsChats);
    for (const starter of [this.sync, this.airtableWebhook, ...this.callbacks]) {
      if (!permissions[starter.serviceName].startsSync) continue;
      starter.addToRolePolicy(invocationOf(syncArn));
      starter.addEnvironment(STACK_VARIABLES.syncFunction, syncName);
    }
  }
}

export interface SyncScheduleProps {
  readonly sync: ServiceFunction;
  /** 1 to 60. */
  readonly minutes: number;
}

/** Starts a run of sync every few minutes. Each run determines by itself what is due. */
export class SyncSchedule extends Construct {
  constructor(scope: Construct, id: string, { sync, minutes }: SyncScheduleProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPolicy(invocationOf(sync.functionArn));
    const event: SyncEvent = { run: 'schedule' };
    new Schedule(this, 'Schedule', {
      description: 'Brings changes in the Airtable base to the replica, and opt-outs to the base',
      schedule: ScheduleExpression.rate(Duration.minutes(minutes)),
      target: {
        // CDK's own target for a function grants every version and alias of it by a wildcard.
        bind: () => ({
          arn: sync.functionArn,
          role,
          input: ScheduleTargetInput.fromObject(event),
          // The next run is minutes away and does the rest.
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        }),
      },
    });
  }
}
