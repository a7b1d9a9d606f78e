import { CALLBACK_NAMES } from '../../../lambdas/twilio/callbacks';
import { callbackUrl } from '../callbacks';

/** The URLs of the callbacks, one line each. */
export function callbackUrls(url: string): string {
  return CALLBACK_NAMES.map((name) => `    ${callbackUrl(url, name)}`).join('\n');
}

/** The URLs of the AWS emulators, one line each. */
export function awsUrls(urls: {
  readonly secretsManager: string;
  readonly dynamoDb: string;
  readonly lambda: string;
}): string {
  return [
    `    Secrets Manager  ${urls.secretsManager}`,
    `    DynamoDB         ${urls.dynamoDb}`,
    `    Lambda           ${urls.lambda}`,
  ].join('\n');
}
