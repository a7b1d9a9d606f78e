import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { IndexSchema, TableSchema } from '../../lambdas/replica/tables';
import { listen } from '../core/http-server';

const IDLE_POLL_MS = 5;

export interface DynamoDbEmulator {
  /** The value for AWS_ENDPOINT_URL_DYNAMODB. */
  readonly url: string;
  /** Handles a request that another server of this process has received and not yet read. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Stops it. Data in memory is lost. */
  close(): Promise<void>;
}

/**
 * Starts DynamoDB in this process, on 127.0.0.1, with these tables. It accepts any credentials. Unlike AWS it does not
 * remove expired items and does not support transactions.
 * @param options.tables schemas by the tables' names; a table that is already in `directory` stays as it is
 * @param options.port 0 picks a free port
 * @param options.directory keeps the data between starts; without it data is in memory
 */
export async function startDynamoDb({
  tables,
  port = 0,
  directory,
}: {
  readonly tables: Readonly<Record<string, TableSchema>>;
  readonly port?: number;
  readonly directory?: string;
}): Promise<DynamoDbEmulator> {
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(directory !== undefined && { path: directory }),
  });
  const untilIdle = watchRequests(server);
  const { url, close: stopListening } = await listen(server, port);
  const close = async () => {
    await untilIdle();
    await stopListening();
  };
  try {
    await createTables(url, tables);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, handle: (request, response) => void server.emit('request', request, response), close };
}

/** Creates the missing tables. @param url DynamoDB's endpoint */
export async function createTables(
  url: string,
  tables: Readonly<Record<string, TableSchema>>,
): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    for (const [name, schema] of Object.entries(tables)) await createTable(client, name, schema);
  } finally {
    client.destroy();
  }
}

/**
 * Tracks requests in flight. dynalite closes its database when no connection is left, and throws if a request
 * that its client aborted still uses it: that would end the whole process.
 * @returns a function that waits until every received request has its response
 */
function watchRequests(server: Server): () => Promise<void> {
  const underWay = new Set<ServerResponse>();
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    request.once('end', () => underWay.add(response));
    response.once('finish', () => underWay.delete(response));
  });
  return async () => {
    while ([...underWay].some((response) => !response.writableEnded)) await setTimeout(IDLE_POLL_MS);
  };
}

/** Creates a table, unless one of this name exists. */
export async function createTable(client: DynamoDBClient, name: string, schema: TableSchema): Promise<void> {
  const keys = [schema, ...schema.indexes].flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]);
  const create = new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...new Set(keys)].map((key) => ({ AttributeName: key, AttributeType: 'S' })),
    KeySchema: keySchema(schema),
    GlobalSecondaryIndexes: schema.indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index),
      Projection: projection(index),
    })),
  });
  await client.send(create).catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
}

function keySchema({ partitionKey, sortKey }: Pick<TableSchema, 'partitionKey' | 'sortKey'>) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}

function projection({ projection }: IndexSchema) {
  if (projection === 'all') return { ProjectionType: 'ALL' as const };
  return { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...projection] };
}
