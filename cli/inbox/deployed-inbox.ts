import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Enqueue } from '../../lambdas/inbox/queue/queue-event';
import { ChatStore } from '../../lambdas/inbox/store/chat-store';
import { WorkerStore } from '../../lambdas/inbox/store/worker-store';
import type { DynamoAccess } from '../../lambdas/replica/dynamo-access';
import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';
import { INBOX_OUTPUTS, SERVICE_OUTPUTS } from '../../lib/stack-outputs';
import { AwsSetupError, callAws, clientOptions } from '../aws/aws-errors';
import { readStackStatus } from '../aws/deployed-stack';
import { type Identity, readIdentity } from '../aws/identity';
import { findKeptTable, INBOX, tablesOfStack } from '../aws/kept-tables';
import { noStack } from '../aws/stack-errors';
import { memoize } from '../plan/memoize';
import type { Settings } from '../settings/settings';
import { UserPool } from './workers/user-pool';

/** The inbox's data, which outlives the inbox. */
export interface InboxData {
  readonly chats: ChatStore;
  /** The inbox's table itself. */
  readonly table: DynamoAccess;
  /** Null without an inbox, because nothing handles the events. */
  readonly enqueue: Enqueue | null;
  /** Where the table is, if no inbox is deployed there; null with an inbox. */
  readonly keptIn: Pick<Identity, 'account' | 'region'> | null;
}

/** The parts of the deployed inbox that a person's commands work with. */
export interface DeployedInbox extends InboxData {
  /** The workers' address. */
  readonly url: string;
  readonly users: UserPool;
  readonly workers: WorkerStore;
  readonly enqueue: Enqueue;
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
  const { [SERVICE_OUTPUTS.inboxTable]: table, [SERVICE_OUTPUTS.inboxQueueUrl]: queueUrl } = service.outputs;
  const { [INBOX_OUTPUTS.url]: url, [INBOX_OUTPUTS.userPoolId]: userPoolId } = inbox?.outputs ?? {};
  if (!table || !queueUrl || !url || !userPoolId) throw noStack(INBOX_STACK_NAME);
  return openInboxAt({ table, queueUrl, url, userPoolId });
}

/**
 * The inbox's data, also where the inbox or all stacks were removed and the table was kept.
 * @throws {AwsSetupError} without a table, with several, or without the inbox that `.env` has {ServiceUnavailableError} {UpstreamError}
 */
export async function openInboxData({
  configuration: { airtableBaseId },
  inbox: { isOn, table },
}: Pick<Settings, 'configuration' | 'inbox'>): Promise<InboxData> {
  const [service, inbox] = await Promise.all([
    readStackStatus(STACK_NAME),
    readStackStatus(INBOX_STACK_NAME),
  ]);
  if (inbox === null && isOn) {
    throw new AwsSetupError(
      `No stack ${INBOX_STACK_NAME} in this account and region`,
      'if it is elsewhere, set AWS_PROFILE or AWS_REGION; if it was deleted, remove INBOX from .env',
    );
  }
  const identity = memoize(readIdentity);
  const name = service?.outputs[INBOX.output] ?? table ?? (await keptTable(await identity(), airtableBaseId));
  const queueUrl = service?.outputs[SERVICE_OUTPUTS.inboxQueueUrl];
  return {
    ...openTable(name),
    enqueue: inbox === null || queueUrl === undefined ? null : enqueueAt(queueUrl),
    keptIn: inbox === null ? await identity() : null,
  };
}

async function keptTable(identity: Identity, baseId: string): Promise<string> {
  const kept = findKeptTable(INBOX, await tablesOfStack(identity), null, baseId);
  if (kept === null) throw noStack(INBOX_STACK_NAME);
  return kept.name;
}

/** The places of an inbox's parts, as its stacks' outputs name them. */
export interface InboxPlace {
  readonly table: string;
  readonly queueUrl: string;
  readonly url: string;
  readonly userPoolId: string;
}

export function openInboxAt({ table, queueUrl, url, userPoolId }: InboxPlace): DeployedInbox {
  const data = openTable(table);
  return {
    ...data,
    url,
    users: new UserPool(userPoolId),
    workers: new WorkerStore(data.table),
    enqueue: enqueueAt(queueUrl),
    keptIn: null,
  };
}

function openTable(name: string): Pick<InboxData, 'chats' | 'table'> {
  const table = { client: new DynamoDBClient(clientOptions()), table: name };
  return { chats: new ChatStore(table), table };
}

function enqueueAt(queueUrl: string): Enqueue {
  const { AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL } = process.env;
  // As the functions do. By itself the client takes the queue's host too, with a warning on the terminal.
  const endpoint = AWS_ENDPOINT_URL_SQS || AWS_ENDPOINT_URL || new URL(queueUrl).origin;
  const queue = new SQSClient({ ...clientOptions(), endpoint, useQueueUrlAsEndpoint: false });
  return async (event) => {
    const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(event) });
    await callAws('sqs:SendMessage', () => queue.send(message));
  };
}
