import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ANSWER_WITHIN_MS, type CallbackName } from '../lambdas/deadline/answer-deadlines';
import { CallbackApi } from './callback-api';
import { CallbackFunction } from './callback-function';
import { CredentialsSecret } from './credentials-secret';
import type { DeploymentConfiguration } from './deployment-configuration';

export interface FrontlineAirtableStackProps extends StackProps {
  readonly configuration: DeploymentConfiguration;
}

/** A callback's name in its route, and how the names of its parts in the template begin. */
const CALLBACKS: readonly { readonly name: CallbackName; readonly id: string }[] = [
  { name: 'crm', id: 'Crm' },
  { name: 'outgoing-conversation', id: 'OutgoingConversation' },
  { name: 'routing', id: 'Routing' },
  { name: 'templates', id: 'Templates' },
  { name: 'twilio-conversations', id: 'TwilioConversations' },
];

/** The service: an API with five callbacks, a function behind each, and the one secret that they read. */
export class FrontlineAirtableStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: FrontlineAirtableStackProps) {
    super(scope, id, props);

    const credentials = new CredentialsSecret(this, 'Credentials');
    const api = new CallbackApi(this, 'Callbacks');

    for (const { id, name } of CALLBACKS) {
      const callback = new CallbackFunction(this, `${id}Callback`, {
        entry: name,
        description: `Answers Frontline's ${name} callback`,
        environment: configuration.functionVariables,
        answerWithin: Duration.millis(ANSWER_WITHIN_MS[name]),
      });
      credentials.grantRead(callback);
      api.route(`/callbacks/${name}`, callback);
      new CfnOutput(this, `${id}CallbackUrl`, {
        description: `What to enter at Twilio as the ${name} callback's URL`,
        value: `${configuration.publicBaseUrl ?? api.url}/callbacks/${name}`,
      });
    }

    new CfnOutput(this, 'ApiUrl', { description: "The API's own address", value: api.url });
    new CfnOutput(this, 'CredentialsSecretArn', {
      description: 'The secret to fill with ACCOUNT_SID, AUTH_TOKEN and AIRTABLE_API_KEY',
      value: credentials.arn,
    });
  }
}
