import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { inBatches } from '../concurrency/at-once';
import { ServiceUnavailableError } from '../errors';
import { asDynamoError, asKey, type DynamoAccess, type Item, optionsOf } from './dynamo-access';
import type { ItemKey } from './keys';

export type BatchedWrite = { readonly put: Item } | { readonly delete: ItemKey };

const BATCH_GET = 100;
export const BATCH_WRITE = 25;
/** While it throttles, DynamoDB leaves part of a batch unprocessed; it accepts the rest within seconds. */
const ROUNDS = 9;
const FIRST_WAIT_MS = 50;
const MAX_WAIT_MS = 2_000;

/** The items that exist among these, read consistently, in any order. */
export async function getInBatches(access: DynamoAccess, keys: readonly ItemKey[]): Promise<Item[]> {
  return (await Promise.all(inBatches(keys, BATCH_GET).map((batch) => getBatch(access, batch)))).flat();
}

/** Writes without conditions, in any order; each item at most once. */
export async function writeInBatches(access: DynamoAccess, writes: readonly BatchedWrite[]): Promise<void> {
  await Promise.all(inBatches(writes, BATCH_WRITE).map((batch) => writeBatch(access, batch)));
}

async function getBatch(access: DynamoAccess, keys: readonly ItemKey[]): Promise<Item[]> {
  const { client, table } = access;
  const found: Item[] = [];
  let rest: Record<string, AttributeValue>[] = keys.map(asKey);
  for (let round = 0; rest.length > 0; round += 1) {
    await wait(access, round);
    const command = new BatchGetItemCommand({
      RequestItems: { [table]: { Keys: rest, ConsistentRead: true } },
    });
    const reply = await asDynamoError(() => client.send(command, optionsOf(access)));
    found.push(...(reply.Responses?.[table] ?? []));
    const left = reply.UnprocessedKeys?.[table]?.Keys ?? [];
    // A large batch is returned in parts. This is not throttling, so the next part is requested at once.
    if (left.length < rest.length) round = -1;
    rest = left;
  }
  return found;
}

async function writeBatch(access: DynamoAccess, batch: readonly BatchedWrite[]): Promise<void> {
  const { client, table } = access;
  let rest: WriteRequest[] = batch.map((write) =>
    'put' in write ? { PutRequest: { Item: write.put } } : { DeleteRequest: { Key: asKey(write.delete) } },
  );
  for (let round = 0; rest.length > 0; round += 1) {
    await wait(access, round);
    const command = new BatchWriteItemCommand({ RequestItems: { [table]: rest } });
    const reply = await asDynamoError(() => client.send(command, optionsOf(access)));
    rest = reply.UnprocessedItems?.[table] ?? [];
  }
}

async function wait({ sleep = sleepFor }: DynamoAccess, round: number): Promise<void> {
  if (round === 0) return;
  if (round === ROUNDS) throw new ServiceUnavailableError('DynamoDB throttles', 5);
  const longest = Math.min(FIRST_WAIT_MS * 2 ** (round - 1), MAX_WAIT_MS);
  await sleep(longest * (0.5 + Math.random() / 2));
}

function sleepFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
