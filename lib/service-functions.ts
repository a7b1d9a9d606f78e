import type { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { webhookKey } from '../lambdas/replica/keys';
import type { SyncEvent } from '../lambdas/sync/sync-event';
import { CALLBACK_NAMES } from '../lambdas/twilio/callbacks';
import type { CallbackApi } from './callback-api';
import type { CredentialsSecret } from './credentials-secret';
import { functionPermissions } from './function-permissions';
import type { ReplicaTables } from './replica-tables';
import { createSchedule } from './schedule';
import {
  AIRTABLE_WEBHOOK,
  callbackProps,
  grantStartSync,
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
  /** The functions that put events on the inbox's queue. */
  readonly enqueuing: readonly ServiceFunction[];
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
    this.sync = create('SyncFunction', { ...SYNC, functionName: syncFunctionName(stack.stackName) });
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
    this.enqueuing = [this.sync, ...this.callbacks].filter(
      ({ serviceName }) => permissions[serviceName].enqueues,
    );
    this.chatFinders = this.enqueuing.filter(({ serviceName }) => permissions[serviceName].findsChats);
    for (const starter of [this.sync, this.airtableWebhook, ...this.callbacks]) {
      if (permissions[starter.serviceName].startsSync) grantStartSync(stack, starter, stack.stackName);
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
    const event: SyncEvent = { run: 'schedule' };
    createSchedule(this, {
      description: 'Brings changes in the Airtable base to the replica, and opt-outs to the base',
      minutes,
      event,
      arn: sync.functionArn,
      permission: invocationOf(sync.functionArn),
    });
  }
}
