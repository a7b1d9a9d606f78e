import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { inboxDeadLetterQueueName, STACK_NAME } from '../../lib/stack-names';
import { callAws, clientOptions } from '../aws/aws-errors';

/**
 * The number of events in the inbox's dead-letter queue.
 * @throws {AwsSetupError} {ServiceUnavailableError} {UpstreamError}
 */
export async function countFailedEvents(): Promise<number> {
  // Not the host of the queue's URL, so that AWS_ENDPOINT_URL holds.
  const client = new SQSClient({ ...clientOptions(), useQueueUrlAsEndpoint: false });
  const QueueName = inboxDeadLetterQueueName(STACK_NAME);
  const { QueueUrl } = await callAws('sqs:GetQueueUrl', () =>
    client.send(new GetQueueUrlCommand({ QueueName })),
  );
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  const { Attributes = {} } = await callAws('sqs:GetQueueAttributes', () => client.send(command));
  return Number(Attributes['ApproximateNumberOfMessages'] ?? 0);
}
