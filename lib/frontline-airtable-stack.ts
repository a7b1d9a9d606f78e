import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { STACK_VARIABLES } from '../lambdas/config';
import { CALLBACK_NAMES, callbackPath } from '../lambdas/twilio/callbacks';
import { CallbackApi } from './callback-api';
import { CredentialsSecret } from './credentials-secret';
import type { DeploymentConfiguration } from './deployment-configuration';
import { ReplicaTables } from './replica-tables';
import { SavedQueries } from './saved-queries';
import { ServiceAlarms } from './service-alarms';
import { ServiceDashboard } from './service-dashboard';
import { AIRTABLE_WEBHOOK } from './service-function';
import { ServiceFunctions } from './service-functions';
import { callbackId } from './stack-names';
import { SyncSchedule } from './sync-schedule';

export interface FrontlineAirtableStackProps extends StackProps {
  readonly configuration: DeploymentConfiguration;
}

/**
 * The service: an API with five callbacks and Airtable's notifications, a function behind each route, a function that
 * keeps the replica of the base up to date, the tables and the secret. To monitor them: alarms, a dashboard and saved
 * log queries.
 */
export class FrontlineAirtableStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: FrontlineAirtableStackProps) {
    super(scope, id, props);

    const credentials = new CredentialsSecret(this, 'Credentials');
    const api = new CallbackApi(this, 'Callbacks');
    const publicUrl = configuration.publicBaseUrl ?? api.url;
    const tables = new ReplicaTables(this, 'Tables', configuration);
    const functions = new ServiceFunctions(this, {
      api,
      credentials,
      tables,
      baseId: configuration.baseId,
      environment: configuration.functionVariables,
    });
    functions.sync.addEnvironment(STACK_VARIABLES.webhookUrl, `${publicUrl}${AIRTABLE_WEBHOOK.path}`);
    new SyncSchedule(this, 'SyncSchedule', { sync: functions.sync, minutes: configuration.syncMinutes });

    const alarms = new ServiceAlarms(this, 'Alarms', {
      api,
      callbacks: functions.callbacks,
      syncMinutes: configuration.syncMinutes,
      email: configuration.alarmEmail,
    });
    const dashboard = new ServiceDashboard(this, 'Dashboard', { api, functions, alarms });
    if (this.hasSavedQueries) new SavedQueries(this, 'SavedQueries', { api, functions });

    for (const name of CALLBACK_NAMES) {
      this.output(
        `${callbackId(name)}CallbackUrl`,
        `What to enter at Twilio as the ${name} callback's URL`,
        `${publicUrl}${callbackPath(name)}`,
      );
    }
    this.output('ApiUrl', "The API's own address", api.url);
    this.output(
      'CredentialsSecretArn',
      'The secret to fill with ACCOUNT_SID, AUTH_TOKEN and AIRTABLE_API_KEY',
      credentials.arn,
    );
    this.output('ReplicaTableName', 'The copy of the base, which goes with the stack', tables.replica.name);
    this.output('OptOutTableName', 'The opt-outs, which stay when the stack goes', tables.optOuts.name);
    this.output(
      'SyncFunctionName',
      'The function that brings the replica up to date',
      functions.sync.functionName,
    );
    this.output(
      'AlarmTopicArn',
      'Where alarms are sent: subscribe everyone who has to know',
      alarms.topic.topicArn,
    );
    this.output('DashboardUrl', 'Whether the service works and is fast, at a glance', dashboard.url);
  }

  private output(id: string, description: string, value: string): void {
    new CfnOutput(this, id, { description, value });
  }

  /** False with `-c savedQueries=false`: MiniStack, on which the deployment is tested, has no query definitions. */
  private get hasSavedQueries(): boolean {
    return String(this.node.tryGetContext('savedQueries')) !== 'false';
  }
}
