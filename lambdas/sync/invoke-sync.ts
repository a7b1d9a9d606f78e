import type { StartSync } from './sync-event';

/** Longer than Lambda takes to accept an event. */
const ACCEPT_MS = 1_500;

/**
 * Starts runs of the function `sync` and does not wait for their end. The Lambda client is loaded with the first start:
 * most requests start none, and need not pay for it.
 * @param functionName its name or ARN
 */
export function invokeSync(functionName: string): StartSync {
  return async (event) => {
    const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
    const client = new LambdaClient({ maxAttempts: 2 });
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(event)),
    });
    try {
      await client.send(command, { abortSignal: AbortSignal.timeout(ACCEPT_MS) });
    } finally {
      client.destroy();
    }
  };
}
