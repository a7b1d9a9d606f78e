import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Environment } from '../../config';
import { ServiceUnavailableError } from '../../errors';
import type { Enqueue } from './queue-event';

const ATTEMPT_MS = 1_500;

// One client per container and address, which keeps its connection between requests.
const clients = new Map<string, SQSClient>();

/**
 * Puts events on an SQS queue. The client is loaded with the first event, so that a service without an inbox never
 * loads it. Its address is the queue URL's, unless AWS_ENDPOINT_URL_SQS or AWS_ENDPOINT_URL
 * sets it.
 */
export function enqueueTo(queueUrl: string, environment: Environment): Enqueue {
  return async (event) => {
    const { SendMessageCommand, SQSClient } = await import('./sqs-client');
    const endpoint =
      environment['AWS_ENDPOINT_URL_SQS'] || environment['AWS_ENDPOINT_URL'] || new URL(queueUrl).origin;
    const client =
      clients.get(endpoint) ??
      new SQSClient({
        endpoint,
        maxAttempts: 3,
        requestHandler: { connectionTimeout: 1_000, requestTimeout: ATTEMPT_MS, throwOnRequestTimeout: true },
      });
    clients.set(endpoint, client);
    try {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(event) }));
    } catch (cause) {
      throw new ServiceUnavailableError('The queue did not take an event', 5, { cause });
    }
  };
}
