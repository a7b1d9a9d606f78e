import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { IndexSchema, TableSchema } from '../../lambdas/replica/tables';
import { listen } from '../gateway/listening';

const IDLE_POLL_MS = 5;

export interface DynamoDbEmulator {
  /** What AWS_ENDPOINT_URL_DYNAMODB takes. */
  readonly url: string;
  /** Ends it. What is in memory is gone. */
  close(): Promise<void>;
}

/**
 * Starts DynamoDB in this process, on 127.0.0.1, with these tables. It takes any credentials. Unlike AWS it removes
 * nothing that expired and knows no transactions.
 * @param options.tables schemas by the tables' names; a table that is already in `directory` stays as it is
 * @param options.port 0 for any that is free
 * @param options.directory where the data is kept between starts; without it in memory
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
  return { url, close };
}

/** Creates the tables that are not there yet. @param url where DynamoDB is */
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
 * Watches what is under way. dynalite closes its database as soon as no connection is left, and throws where a request
 * that its client gave up still works on it: that would end the whole process.
 * @returns waits until every request that came is answered
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

/** Creates a table, unless there is one of this name. */
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
