import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Enqueue } from '../../lambdas/inbox/queue/queue-event';
import { ChatStore } from '../../lambdas/inbox/store/chat-store';
import { WorkerStore } from '../../lambdas/inbox/store/worker-store';
import type { DynamoAccess } from '../../lambdas/replica/dynamo-access';
import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';
import { AwsSetupError, callAws, clientOptions } from '../aws/aws-errors';
import { noStack } from '../aws/cached-lookups';
import { readStackStatus } from '../aws/deployed-stack';
import { UserPool } from './workers/user-pool';

/** The parts of the deployed inbox that a person's commands work with. */
export interface DeployedInbox {
  /** The workers' address. */
  readonly url: string;
  readonly users: UserPool;
  readonly workers: WorkerStore;
  readonly chats: ChatStore;
  readonly enqueue: Enqueue;
  /** The inbox's table itself. */
  readonly table: DynamoAccess;
}

/**
 * The deployed inbox, with the caller's own credentials.
 * @throws {AwsSetupError} without one {ServiceUnavailableError} {UpstreamError}
 */
export async function openDeployedInbox(): Promise<DeployedInbox> {
  const [service, inbox] = await Promise.all([
    readStackStatus(STACK_NAME),
    readStackStatus(INBOX_STACK_NAME),
  ]);
  if (service === null) throw noStack();
  const { InboxTableName: table, InboxQueueUrl: queueUrl } = service.outputs;
  const { InboxUrl: url, UserPoolId: userPoolId } = inbox?.outputs ?? {};
  if (!table || !queueUrl || !url || !userPoolId) throw noInbox();
  return openInboxAt({ table, queueUrl, url, userPoolId });
}

/** The places of an inbox's parts, as its stacks' outputs name them. */
export interface InboxPlace {
  readonly table: string;
  readonly queueUrl: string;
  readonly url: string;
  readonly userPoolId: string;
}

export function openInboxAt({ table, queueUrl, url, userPoolId }: InboxPlace): DeployedInbox {
  const access = { client: new DynamoDBClient(clientOptions()), table };
  const { AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL } = process.env;
  // As the functions do. By itself the client takes the queue's host too, with a warning on the terminal.
  const endpoint = AWS_ENDPOINT_URL_SQS || AWS_ENDPOINT_URL || new URL(queueUrl).origin;
  const queue = new SQSClient({ ...clientOptions(), endpoint, useQueueUrlAsEndpoint: false });
  return {
    url,
    users: new UserPool(userPoolId),
    workers: new WorkerStore(access),
    chats: new ChatStore(access),
    table: access,
    enqueue: async (event) => {
      const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(event) });
      await callAws('sqs:SendMessage', () => queue.send(message));
    },
  };
}

function noInbox(): AwsSetupError {
  return new AwsSetupError(
    `No stack ${INBOX_STACK_NAME} with an inbox in this account and region`,
    'npx frontline setup --inbox deploys it; if it is elsewhere, set AWS_PROFILE or AWS_REGION',
  );
}
