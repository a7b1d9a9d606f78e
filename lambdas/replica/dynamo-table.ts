import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { Unavailable } from '../errors/errors';
import { type ItemKey, keyAsText } from './keys';

export type Item = Readonly<Record<string, AttributeValue>>;

/** A condition, filter or update in DynamoDB's language, with the names and values in it. */
export interface Expression {
  readonly text: string;
  readonly names: Readonly<Record<`#${string}`, string>>;
  readonly values?: Readonly<Record<`:${string}`, AttributeValue>>;
}

export interface QueryRequest {
  readonly index?: string;
  readonly key: Expression;
  readonly filter?: Expression;
  /** How many items are read a page, before the filter. */
  readonly limit?: number;
  /** Attributes to read; all without it. */
  readonly attributes?: readonly string[];
}

export interface ScanRequest {
  readonly filter: Expression;
  readonly attributes?: readonly string[];
}

export type BatchedWrite = { readonly put: Item } | { readonly delete: ItemKey };

export interface DynamoAccess {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Gives up what is under way. */
  readonly signal?: AbortSignal;
  /** Waits before what DynamoDB left undone is sent again. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** DynamoDB does not take an item: a text that is no UTF-8, too large, too deep. The same item fails again. */
export class ItemRejectedError extends Error {
  override readonly name = 'ItemRejectedError';
}

const BATCH_GET = 100;
export const BATCH_WRITE = 25;
/** Items a page of a scan: about the megabyte that DynamoDB reads at most. */
const SCAN_PAGE = 1_000;
/** DynamoDB leaves a part of a batch undone while it throttles; it takes the rest within seconds. */
const BATCH_ROUNDS = 9;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/**
 * One DynamoDB table. Reads are consistent wherever DynamoDB can (not through an index). Every method may throw
 * `Unavailable`.
 */
export class DynamoTable {
  constructor(private readonly access: DynamoAccess) {}

  async get(key: ItemKey): Promise<Item | undefined> {
    const command = new GetItemCommand({ ...this.#table, Key: asKey(key), ConsistentRead: true });
    return (await this.#try(() => this.access.client.send(command, this.#options))).Item;
  }

  /** The items that exist among these, in any order. */
  async getAll(keys: readonly ItemKey[]): Promise<Item[]> {
    const [only] = keys;
    if (keys.length === 1 && only !== undefined) return (await this.get(only).then(asList)) ?? [];
    const batches = inBatches([...new Map(keys.map((key) => [keyAsText(key), key])).values()], BATCH_GET);
    return (await Promise.all(batches.map((batch) => this.#getBatch(batch)))).flat();
  }

  /** Pages of items in the order of the sort key. */
  async *query({ index, key, filter, limit, attributes }: QueryRequest): AsyncGenerator<Item[]> {
    let start: Record<string, AttributeValue> | undefined;
    do {
      const command = new QueryCommand({
        ...this.#table,
        ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
        KeyConditionExpression: key.text,
        ...(filter && { FilterExpression: filter.text }),
        ...attributesOf([key, filter], attributes),
        ...(limit !== undefined && { Limit: limit }),
        ...(start && { ExclusiveStartKey: start }),
      });
      const page = await this.#try(() => this.access.client.send(command, this.#options));
      yield page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  async *scan({ filter, attributes }: ScanRequest): AsyncGenerator<Item[]> {
    let start: Record<string, AttributeValue> | undefined;
    do {
      const command = new ScanCommand({
        ...this.#table,
        ConsistentRead: true,
        Limit: SCAN_PAGE,
        FilterExpression: filter.text,
        ...attributesOf([filter], attributes),
        ...(start && { ExclusiveStartKey: start }),
      });
      const page = await this.#try(() => this.access.client.send(command, this.#options));
      yield page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  /**
   * Puts an item.
   * @returns the item that it replaced, if any; null where the condition does not hold
   * @throws {ItemRejectedError}
   */
  async put(item: Item, condition?: Expression): Promise<{ readonly replaced: Item | undefined } | null> {
    const command = new PutItemCommand({
      ...this.#table,
      Item: item,
      ReturnValues: 'ALL_OLD',
      ...(condition && { ConditionExpression: condition.text, ...attributesOf([condition]) }),
    });
    return this.#ifHeld(async () => ({
      replaced: (await this.access.client.send(command, this.#options)).Attributes,
    }));
  }

  /**
   * Changes an item, or creates it.
   * @returns the item as it is then; null where the condition does not hold
   * @throws {ItemRejectedError}
   */
  async update(key: ItemKey, change: Expression, condition?: Expression): Promise<Item | null> {
    const command = new UpdateItemCommand({
      ...this.#table,
      Key: asKey(key),
      UpdateExpression: change.text,
      ...(condition && { ConditionExpression: condition.text }),
      ...attributesOf([change, condition]),
      ReturnValues: 'ALL_NEW',
    });
    return this.#ifHeld(async () => (await this.access.client.send(command, this.#options)).Attributes ?? {});
  }

  /** Deletes an item; false where the condition does not hold. */
  async delete(key: ItemKey, condition?: Expression): Promise<boolean> {
    const command = new DeleteItemCommand({
      ...this.#table,
      Key: asKey(key),
      ...(condition && { ConditionExpression: condition.text, ...attributesOf([condition]) }),
    });
    return (await this.#ifHeld(() => this.access.client.send(command, this.#options))) !== null;
  }

  /**
   * Writes without conditions, in any order; each item at most once.
   * @throws {ItemRejectedError} where DynamoDB does not take one of them; others may be written then
   */
  async writeAll(writes: readonly BatchedWrite[]): Promise<void> {
    await Promise.all(inBatches(writes, BATCH_WRITE).map((batch) => this.#writeBatch(batch)));
  }

  async #getBatch(keys: readonly ItemKey[]): Promise<Item[]> {
    const found: Item[] = [];
    let rest: Record<string, AttributeValue>[] = keys.map(asKey);
    for (let round = 0; rest.length > 0; round += 1) {
      await this.#wait(round);
      const command = new BatchGetItemCommand({
        RequestItems: { [this.access.table]: { Keys: rest, ConsistentRead: true } },
      });
      const reply = await this.#try(() => this.access.client.send(command, this.#options));
      found.push(...(reply.Responses?.[this.access.table] ?? []));
      const left = reply.UnprocessedKeys?.[this.access.table]?.Keys ?? [];
      // A large batch comes in parts: that is no throttling, and each part may be asked for at once.
      if (left.length < rest.length) round = -1;
      rest = left;
    }
    return found;
  }

  async #writeBatch(batch: readonly BatchedWrite[]): Promise<void> {
    let rest: WriteRequest[] = batch.map((write) =>
      'put' in write ? { PutRequest: { Item: write.put } } : { DeleteRequest: { Key: asKey(write.delete) } },
    );
    for (let round = 0; rest.length > 0; round += 1) {
      await this.#wait(round);
      const command = new BatchWriteItemCommand({ RequestItems: { [this.access.table]: rest } });
      const reply = await this.#try(() => this.access.client.send(command, this.#options));
      rest = reply.UnprocessedItems?.[this.access.table] ?? [];
    }
  }

  async #wait(round: number): Promise<void> {
    if (round === 0) return;
    if (round === BATCH_ROUNDS) throw new Unavailable('DynamoDB throttles', 5);
    const longest = Math.min(FIRST_WAIT_MS * 2 ** (round - 1), LONGEST_WAIT_MS);
    const sleep = this.access.sleep ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)));
    await sleep(longest * (0.5 + Math.random() / 2));
  }

  /** The outcome of a conditional write; null where its condition does not hold. */
  async #ifHeld<T>(write: () => Promise<T>): Promise<T | null> {
    return this.#try(() =>
      write().catch((error: unknown) => {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return null;
        throw error;
      }),
    );
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';
      if (name === 'ValidationException' || name === 'SerializationException') {
        throw new ItemRejectedError(`DynamoDB does not take an item: ${name}`, { cause: error });
      }
      throw new Unavailable(`DynamoDB failed: ${name}`, 5, { cause: error });
    }
  }

  get #table() {
    return { TableName: this.access.table };
  }

  get #options() {
    return this.access.signal === undefined ? {} : { abortSignal: this.access.signal };
  }
}

function asKey({ pk, sk }: ItemKey) {
  return { pk: { S: pk }, sk: { S: sk } };
}

function asList(item: Item | undefined): Item[] | undefined {
  return item && [item];
}

function inBatches<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}

/** The names and values of expressions and of attributes to read, as a request wants them. */
function attributesOf(expressions: readonly (Expression | undefined)[], attributes: readonly string[] = []) {
  const toRead = attributes.map((name, index): [string, string] => [`#read${index}`, name]);
  const names = Object.fromEntries([
    ...expressions.flatMap((each) => Object.entries(each?.names ?? {})),
    ...toRead,
  ]);
  const values = Object.fromEntries(expressions.flatMap((each) => Object.entries(each?.values ?? {})));
  return {
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    ...(toRead.length > 0 && { ProjectionExpression: toRead.map(([alias]) => alias).join(', ') }),
  };
}
