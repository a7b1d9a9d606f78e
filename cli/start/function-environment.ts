import { startSecretsManager } from '../../emulators/secrets-manager/secrets-manager';
import {
  CREDENTIALS_SECRET_VARIABLE,
  type Environment,
  FUNCTION_VARIABLES,
  STACK_VARIABLES,
} from '../../lambdas/config';
import { INBOX_VARIABLES } from '../../lambdas/inbox/inbox-configuration';
import { listenOnPort, nextPort } from './listen-on-port';
import type { Account } from './live';

/** The AWS emulators on this machine. */
export interface LocalAws {
  readonly secret: { readonly url: string; readonly secretArn: string };
  readonly dynamoDbUrl: string | undefined;
  readonly lambdaUrl: string | undefined;
}

/** Credentials for the AWS emulators, which accept any. */
export const LOCAL_CREDENTIALS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
} as const;

/** The variable with sync's request rate for an emulated base. A deployed function never has it. */
export const REQUEST_RATE = 'AIRTABLE_REQUESTS_PER_SECOND';

/**
 * Gives this process the environment of a deployed function: only those of the service's variables that the stack sets,
 * and the variables with which AWS clients reach this machine's emulators, regardless of other AWS settings.
 */
export function setFunctionEnvironment(
  settings: Environment,
  { secret, dynamoDbUrl, lambdaUrl }: LocalAws,
): void {
  const variables: Environment = {
    ...Object.fromEntries(
      [...FUNCTION_VARIABLES, ...Object.values(STACK_VARIABLES), ...INBOX_VARIABLES, REQUEST_RATE].map(
        (name) => [name, settings[name]],
      ),
    ),
    [CREDENTIALS_SECRET_VARIABLE]: secret.secretArn,
    ...LOCAL_CREDENTIALS,
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_ENDPOINT_URL: undefined,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secret.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl,
    AWS_ENDPOINT_URL_LAMBDA: lambdaUrl,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
    // Metrics are log lines for CloudWatch, which are noise in a terminal.
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

const NAME = 'FrontlineAirtable';

/** A Secrets Manager emulator with the secret. */
export interface RunningSecret {
  readonly url: string;
  readonly secretArn: string;
  close(): Promise<void>;
}

/** Starts a Secrets Manager emulator with the account's credentials. */
export async function startSecret(port: number, account: Account): Promise<RunningSecret> {
  const secrets = { [NAME]: JSON.stringify(account) };
  const manager = await listenOnPort('the Secrets Manager emulator', nextPort(port, 3), (itsPort) =>
    startSecretsManager({ secrets, port: itsPort }),
  );
  return { url: manager.url, secretArn: manager.arn(NAME), close: manager.close };
}
