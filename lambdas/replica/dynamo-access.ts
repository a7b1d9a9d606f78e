import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ServiceUnavailableError } from '../errors';
import type { ItemKey } from './keys';

export type Item = Readonly<Record<string, AttributeValue>>;

/** A table, and how one request or run accesses it. */
export interface DynamoAccess {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Aborts requests in progress. */
  readonly signal?: AbortSignal;
  /** Waits before unprocessed items are sent again. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** DynamoDB rejects an item: too large, too deep, a text that is not UTF-8. The same item fails again. */
export class ItemRejectedError extends Error {
  override readonly name = 'ItemRejectedError';
}

/** The outcome of the work; its errors become the service's own. */
export async function asDynamoError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    if (name === 'ValidationException' || name === 'SerializationException') {
      throw new ItemRejectedError(`DynamoDB rejected an item: ${name}`, { cause: error });
    }
    throw new ServiceUnavailableError(`DynamoDB failed: ${name}`, 5, { cause: error });
  }
}

export function optionsOf({ signal }: DynamoAccess) {
  return signal === undefined ? {} : { abortSignal: signal };
}

export function asKey({ pk, sk }: ItemKey) {
  return { pk: { S: pk }, sk: { S: sk } };
}
