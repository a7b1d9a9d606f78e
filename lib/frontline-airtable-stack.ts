import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CALLBACK_NAMES, callbackPath } from '../lambdas/callback/callback-name';
import { functionTimeoutMs } from '../lambdas/deadline/answer-deadlines';
import { CallbackApi } from './callback-api';
import { CallbackFunction } from './callback-function';
import { CredentialsSecret } from './credentials-secret';
import type { DeploymentConfiguration } from './deployment-configuration';
import { SavedQueries } from './saved-queries';
import { ServiceAlarms } from './service-alarms';
import { ServiceDashboard } from './service-dashboard';
import { callbackId } from './stack-names';

export interface FrontlineAirtableStackProps extends StackProps {
  readonly configuration: DeploymentConfiguration;
}

/**
 * The service: an API with five callbacks, a function behind each, and the one secret that they read; and what it takes
 * to watch them: alarms, a dashboard, saved queries of their logs.
 */
export class FrontlineAirtableStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: FrontlineAirtableStackProps) {
    super(scope, id, props);

    const credentials = new CredentialsSecret(this, 'Credentials');
    const api = new CallbackApi(this, 'Callbacks');

    const callbacks = CALLBACK_NAMES.map((name) => {
      const id = callbackId(name);
      const callback = new CallbackFunction(this, `${id}Callback`, {
        callback: name,
        environment: configuration.functionVariables,
        timeout: Duration.millis(functionTimeoutMs(name)),
      });
      credentials.grantRead(callback);
      api.route(callbackPath(name), callback);
      new CfnOutput(this, `${id}CallbackUrl`, {
        description: `What to enter at Twilio as the ${name} callback's URL`,
        value: `${configuration.publicBaseUrl ?? api.url}${callbackPath(name)}`,
      });
      return callback;
    });

    const alarms = new ServiceAlarms(this, 'Alarms', { api, callbacks, email: configuration.alarmEmail });
    const dashboard = new ServiceDashboard(this, 'Dashboard', { api, callbacks, alarms });
    if (this.hasSavedQueries) new SavedQueries(this, 'SavedQueries', { api, callbacks });

    new CfnOutput(this, 'ApiUrl', { description: "The API's own address", value: api.url });
    new CfnOutput(this, 'CredentialsSecretArn', {
      description: 'The secret to fill with ACCOUNT_SID, AUTH_TOKEN and AIRTABLE_API_KEY',
      value: credentials.arn,
    });
    new CfnOutput(this, 'AlarmTopicArn', {
      description: 'Where alarms are told: subscribe whoever has to know',
      value: alarms.topic.topicArn,
    });
    new CfnOutput(this, 'DashboardUrl', {
      description: 'Whether the service works and is fast, at a glance',
      value: dashboard.url,
    });
  }

  /** Not with `-c savedQueries=false`: MiniStack, which the deployment is tested on, knows no query definitions. */
  private get hasSavedQueries(): boolean {
    return String(this.node.tryGetContext('savedQueries')) !== 'false';
  }
}
