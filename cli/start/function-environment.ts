import type { Environment } from '../../lambdas/config';
import { CREDENTIALS_SECRET_VARIABLE, FUNCTION_VARIABLES, STACK_VARIABLES } from '../../lambdas/config';

/** The emulators of AWS on this machine. */
export interface LocalAws {
  readonly secret: { readonly url: string; readonly secretArn: string };
  readonly dynamoDbUrl: string | undefined;
  readonly lambdaUrl: string | undefined;
}

/** What the emulators of AWS take: any credentials. */
export const LOCAL_CREDENTIALS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
} as const;

/** How fast sync may ask a base that is emulated. A deployed function never has it. */
export const REQUEST_RATE = 'AIRTABLE_REQUESTS_PER_SECOND';

/** A deployed function runs on a newer Node than many a desk. Before the first client of AWS is made. */
export function silenceNodeWarning(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}

/**
 * Gives this process the environment that a deployed function has: the variables that the stack sets, and no other
 * of ours; and what the AWS clients need to reach the emulators of this machine, whatever else is set up here.
 */
export function setFunctionEnvironment(
  settings: Environment,
  { secret, dynamoDbUrl, lambdaUrl }: LocalAws,
): void {
  const variables: Environment = {
    ...Object.fromEntries(
      [...FUNCTION_VARIABLES, ...Object.values(STACK_VARIABLES), REQUEST_RATE].map((name) => [
        name,
        settings[name],
      ]),
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
    // They are lines for CloudWatch, which nobody reads in a terminal.
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
