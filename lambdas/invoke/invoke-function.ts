import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Environment } from '../config';
import { ServiceUnavailableError } from '../errors';

const ATTEMPTS = 2;
const ATTEMPT_MS = 1_500;

/**
 * Invokes functions asynchronously.
 *
 * The client is loaded with the first invocation, so that a function which seldom starts one has a faster cold
 * start. AWS_ENDPOINT_URL_LAMBDA or AWS_ENDPOINT_URL sets Lambda's address.
 * @throws {ServiceUnavailableError} where Lambda does not accept the event.
 */
export function invokeFunctions(
  environment: Environment,
): (functionName: string, event: object) => Promise<void> {
  let client: LambdaClient | undefined;
  return async (functionName, event) => {
    const { InvokeCommand, LambdaClient } = await import('./lambda-client');
    const endpoint = environment['AWS_ENDPOINT_URL_LAMBDA'] || environment['AWS_ENDPOINT_URL'];
    client ??= new LambdaClient({
      maxAttempts: ATTEMPTS,
      requestHandler: { connectionTimeout: 1_000, requestTimeout: ATTEMPT_MS, throwOnRequestTimeout: true },
      ...(endpoint && { endpoint }),
    });
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(event)),
    });
    try {
      await client.send(command);
    } catch (error) {
      throw new ServiceUnavailableError(`Lambda did not accept the invocation of ${functionName}`, 5, {
        cause: error,
      });
    }
  };
}
