import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { asDynamoError, asKey, type DynamoAccess, type Item, optionsOf } from './dynamo-access';
import { type BatchedWrite, getInBatches, writeInBatches } from './dynamo-batches';
import { type ItemKey, keyAsText } from './keys';

/** A DynamoDB condition, filter or update expression, with its names and values. */
export interface Expression {
  readonly text: string;
  readonly names: Readonly<Record<`#${string}`, string>>;
  readonly values?: Readonly<Record<`:${string}`, AttributeValue>>;
}

/** Conditions on the item that a write replaces: it does not exist, or it does. */
export const IS_NEW: Expression = { text: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };
export const EXISTS: Expression = { text: 'attribute_exists(#pk)', names: { '#pk': 'pk' } };

/** The condition for all items of a partition. @param attribute the partition key's, of an index another */
export function inPartition(partition: string, attribute = 'pk') {
  return {
    text: '#partition = :partition',
    names: { '#partition': attribute },
    values: { ':partition': { S: partition } },
  } as const satisfies Expression;
}

export interface QueryRequest {
  readonly index?: string;
  readonly key: Expression;
  readonly filter?: Expression;
  /** Items read per page, before the filter. */
  readonly limit?: number;
  /** From the greatest sort key to the least. */
  readonly descending?: boolean;
  /** Attributes to read; all if omitted. */
  readonly attributes?: readonly string[];
}

export interface ScanRequest {
  readonly filter: Expression;
  readonly attributes?: readonly string[];
}

/** Items per page of a scan: about DynamoDB's maximum of a megabyte per read. */
const SCAN_PAGE = 1_000;

/**
 * One DynamoDB table. Reads are consistent wherever DynamoDB allows it (not through an index). Every method may throw
 * `ServiceUnavailableError`.
 */
export class DynamoTable {
  constructor(private readonly access: DynamoAccess) {}

  async get(key: ItemKey): Promise<Item | undefined> {
    const command = new GetItemCommand({ ...this.#table, Key: asKey(key), ConsistentRead: true });
    return (await asDynamoError(() => this.access.client.send(command, this.#options))).Item;
  }

  /** The items that exist among these, in any order. */
  async getAll(keys: readonly ItemKey[]): Promise<Item[]> {
    const [key, ...others] = new Map(keys.map((each) => [keyAsText(each), each])).values();
    if (key === undefined) return [];
    if (others.length > 0) return getInBatches(this.access, [key, ...others]);
    const item = await this.get(key);
    return item === undefined ? [] : [item];
  }

  /** Pages of items in the order of the sort key. */
  async *query({ index, key, filter, limit, descending, attributes }: QueryRequest): AsyncGenerator<Item[]> {
    let start: Record<string, AttributeValue> | undefined;
    do {
      const command = new QueryCommand({
        ...this.#table,
        ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
        KeyConditionExpression: key.text,
        ...(filter && { FilterExpression: filter.text }),
        ...attributesOf([key, filter], attributes),
        ...(limit !== undefined && { Limit: limit }),
        ...(descending && { ScanIndexForward: false }),
        ...(start && { ExclusiveStartKey: start }),
      });
      const page = await asDynamoError(() => this.access.client.send(command, this.#options));
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
      const page = await asDynamoError(() => this.access.client.send(command, this.#options));
      yield page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  /**
   * Puts an item.
   * @returns the item that it replaced, if any; null where the condition fails
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
   * @returns the item after the change; null where the condition fails
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

  /** Deletes an item; false where the condition fails. */
  async delete(key: ItemKey, condition?: Expression): Promise<boolean> {
    const command = new DeleteItemCommand({
      ...this.#table,
      Key: asKey(key),
      ...(condition && { ConditionExpression: condition.text, ...attributesOf([condition]) }),
    });
    return (await this.#ifHeld(() => this.access.client.send(command, this.#options))) !== null;
  }

  /** Deletes an item and returns it; of two who take it at once, one gets it. */
  async take(key: ItemKey): Promise<Item | undefined> {
    const command = new DeleteItemCommand({ ...this.#table, Key: asKey(key), ReturnValues: 'ALL_OLD' });
    return (await asDynamoError(() => this.access.client.send(command, this.#options))).Attributes;
  }

  /**
   * Writes without conditions, in any order; each item at most once.
   * @throws {ItemRejectedError} where DynamoDB rejects one of them; others may have been written
   */
  async writeAll(writes: readonly BatchedWrite[]): Promise<void> {
    await writeInBatches(this.access, writes);
  }

  /** The outcome of a conditional write; null where its condition fails. */
  async #ifHeld<T>(write: () => Promise<T>): Promise<T | null> {
    return asDynamoError(() =>
      write().catch((error: unknown) => {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return null;
        throw error;
      }),
    );
  }

  get #table() {
    return { TableName: this.access.table };
  }

  get #options() {
    return optionsOf(this.access);
  }
}

/** The names and values of expressions and of attributes to read, as request parameters. */
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
