import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Environment } from '../../config';
import { ServiceUnavailableError } from '../../errors';
import type { Enqueue } from './queue-event';

const ATTEMPT_MS = 1_500;

// One client per container, which keeps its connection between requests.
let client: SQSClient | undefined;

/**
 * Puts events on an SQS queue. The client is loaded with the first event, so that a service without an inbox never
 * loads it. AWS_ENDPOINT_URL_SQS or AWS_ENDPOINT_URL sets its address.
 */
export function enqueueTo(queueUrl: string, environment: Environment): Enqueue {
  return async (event) => {
    const { SendMessageCommand, SQSClient } = await import('./sqs-client');
    const endpoint = environment['AWS_ENDPOINT_URL_SQS'] || environment['AWS_ENDPOINT_URL'];
    client ??= new SQSClient({
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 1_000, requestTimeout: ATTEMPT_MS, throwOnRequestTimeout: true },
      ...(endpoint && { endpoint }),
    });
    try {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(event) }));
    } catch (cause) {
      throw new ServiceUnavailableError('The queue did not take an event', 5, { cause });
    }
  };
}
