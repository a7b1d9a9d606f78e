import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { StartSync } from '../../lambdas/sync/sync-event';
import { callAws, clientOptions } from './aws-errors';

/**
 * Starts runs of the deployed `sync` function with the caller's own credentials, without waiting for them.
 * @throws {AwsSetupError} {ServiceUnavailableError} {UpstreamError} from each start
 */
export function startSyncOf(functionName: string): StartSync {
  const client = new LambdaClient(clientOptions());
  return async (event) => {
    await callAws('lambda:InvokeFunction', () =>
      client.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: 'Event',
          Payload: Buffer.from(JSON.stringify(event)),
        }),
      ),
    );
  };
}
