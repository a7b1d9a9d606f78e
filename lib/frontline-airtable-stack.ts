import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CALLBACK_NAMES, callbackPath } from '../lambdas/callback/callback-name';
import { functionTimeoutMs } from '../lambdas/deadline/answer-deadlines';
import { CallbackApi } from './callback-api';
import { CallbackFunction } from './callback-function';
import { CredentialsSecret } from './credentials-secret';
import type { DeploymentConfiguration } from './deployment-configuration';

export interface FrontlineAirtableStackProps extends StackProps {
  readonly configuration: DeploymentConfiguration;
}

/** The service: an API with five callbacks, a function behind each, and the one secret that they read. */
export class FrontlineAirtableStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: FrontlineAirtableStackProps) {
    super(scope, id, props);

    const credentials = new CredentialsSecret(this, 'Credentials');
    const api = new CallbackApi(this, 'Callbacks');

    for (const name of CALLBACK_NAMES) {
      const id = pascalCase(name);
      const callback = new CallbackFunction(this, `${id}Callback`, {
        entry: name,
        description: `Answers Frontline's ${name} callback`,
        environment: configuration.functionVariables,
        timeout: Duration.millis(functionTimeoutMs(name)),
      });
      credentials.grantRead(callback);
      api.route(callbackPath(name), callback);
      new CfnOutput(this, `${id}CallbackUrl`, {
        description: `What to enter at Twilio as the ${name} callback's URL`,
        value: `${configuration.publicBaseUrl ?? api.url}${callbackPath(name)}`,
      });
    }

    new CfnOutput(this, 'ApiUrl', { description: "The API's own address", value: api.url });
    new CfnOutput(this, 'CredentialsSecretArn', {
      description: 'The secret to fill with ACCOUNT_SID, AUTH_TOKEN and AIRTABLE_API_KEY',
      value: credentials.arn,
    });
  }
}

/** How the names of a callback's parts in the template begin: `OutgoingConversation`. */
function pascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
