import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { STACK_VARIABLES } from '../lambdas/config';
import { BY_ADDRESS } from '../lambdas/inbox/store/inbox-table';
import { CALLBACK_NAMES, callbackPath } from '../lambdas/twilio/callbacks';
import { CallbackApi } from './callback-api';
import { CredentialsSecret } from './credentials-secret';
import type { DeploymentConfiguration } from './deployment-configuration';
import { EventQueue, grantEnqueue, queueNamed } from './inbox/event-queue';
import type { ServiceParts } from './inbox/inbox-functions';
import { inboxTable } from './inbox/inbox-table';
import { hasSavedQueries, SavedQueries } from './log-queries';
import { ReplicaTables } from './replica-tables';
import { ServiceAlarms } from './service-alarms';
import { ServiceDashboard } from './service-dashboard';
import { AIRTABLE_WEBHOOK } from './service-function';
import { ServiceFunctions, SyncSchedule } from './service-functions';
import { inboxQueueName } from './stack-names';
import { callbackUrlOutput, SERVICE_OUTPUTS, type ServiceOutput } from './stack-outputs';
import { grantTable } from './tables';

export interface FrontlineAirtableStackProps extends StackProps {
  readonly configuration: DeploymentConfiguration;
}

/**
 * The service: an API with five callbacks and Airtable's notifications, a function behind each route, a function that
 * keeps the replica of the base up to date, the tables and the secret. To monitor them: alarms, a dashboard and saved
 * log queries.
 */
export class FrontlineAirtableStack extends Stack {
  /** What the inbox's stack uses. */
  readonly parts: ServiceParts;

  constructor(scope: Construct, id: string, { configuration, ...props }: FrontlineAirtableStackProps) {
    super(scope, id, props);

    const credentials = new CredentialsSecret(this, 'Credentials');
    const api = new CallbackApi(this, 'Callbacks');
    const publicUrl = configuration.publicBaseUrl ?? api.url;
    const tables = new ReplicaTables(this, 'Tables', configuration);
    const inbox = inboxTable(this, 'InboxTable', configuration);
    const { queue } = new EventQueue(this, 'InboxEvents');
    const functions = new ServiceFunctions(this, {
      api,
      credentials,
      tables,
      baseId: configuration.baseId,
      environment: configuration.functionVariables,
    });
    functions.sync.addEnvironment(STACK_VARIABLES.webhookUrl, `${publicUrl}${AIRTABLE_WEBHOOK.path}`);
    if (configuration.inbox !== null) {
      const named = queueNamed(this, inboxQueueName(this.stackName));
      for (const each of functions.enqueuing) grantEnqueue(each, named);
      for (const finder of functions.chatFinders) {
        grantTable(finder, inbox, { actions: [], indexes: [BY_ADDRESS] });
      }
    }
    new SyncSchedule(this, 'SyncSchedule', { sync: functions.sync, minutes: configuration.syncMinutes });

    const alarms = new ServiceAlarms(this, 'Alarms', {
      api,
      callbacks: functions.callbacks,
      syncMinutes: configuration.syncMinutes,
      email: configuration.alarmEmail,
    });
    this.parts = {
      stackName: this.stackName,
      credentials,
      tables,
      inboxTable: inbox,
      alarmTopic: alarms.topic,
      callbackLogs: functions.callbacks.map(({ logGroup }) => logGroup),
    };
    const dashboard = new ServiceDashboard(this, 'Dashboard', { api, functions, alarms });
    if (hasSavedQueries(this)) new SavedQueries(this, 'SavedQueries', { api, functions });

    for (const name of CALLBACK_NAMES) {
      this.output(
        callbackUrlOutput(name),
        `URL to enter in the Twilio console for the ${name} callback`,
        `${publicUrl}${callbackPath(name)}`,
      );
    }
    this.output(SERVICE_OUTPUTS.apiUrl, 'Base URL of the API', api.url);
    this.output(
      SERVICE_OUTPUTS.credentialsSecretArn,
      'Secret to fill with ACCOUNT_SID, AUTH_TOKEN and AIRTABLE_API_KEY',
      credentials.arn,
    );
    this.output(
      SERVICE_OUTPUTS.replicaTable,
      'DynamoDB table with the replica of the base; deleted with the stack',
      tables.replica.name,
    );
    this.output(
      SERVICE_OUTPUTS.optOutTable,
      'DynamoDB table with the opt-outs; retained when the stack is deleted',
      tables.optOuts.name,
    );
    this.output(SERVICE_OUTPUTS.inboxTable, "DynamoDB table of the workers' inbox; retained", inbox.name);
    this.output(SERVICE_OUTPUTS.inboxQueueUrl, "Queue of events for the workers' inbox", queue.queueUrl);
    this.output(
      SERVICE_OUTPUTS.syncFunction,
      'Function that updates the replica',
      functions.sync.functionName,
    );
    this.output(SERVICE_OUTPUTS.alarmTopicArn, 'SNS topic for alarm notifications', alarms.topic.topicArn);
    this.output(SERVICE_OUTPUTS.dashboardUrl, 'CloudWatch dashboard: health and latency', dashboard.url);
  }

  private output(id: ServiceOutput, description: string, value: string): void {
    new CfnOutput(this, id, { description, value });
  }
}
