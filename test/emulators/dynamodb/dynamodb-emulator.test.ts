import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type DynamoDbEmulator, startDynamoDb } from '../../../emulators/dynamodb/dynamodb-emulator';
import { BY_OWNER, OPT_OUT_TABLE, REPLICA_TABLE } from '../../../lambdas/replica/tables';

const tables = { customers: REPLICA_TABLE, 'opt-outs': OPT_OUT_TABLE };
const running: DynamoDbEmulator[] = [];

async function start(options: { port?: number; directory?: string } = {}) {
  const emulator = await startDynamoDb({ tables, ...options });
  running.push(emulator);
  const client = new DynamoDBClient({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  return { ...emulator, client };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map(({ close }) => close()));
});

describe('DynamoDB on this machine', () => {
  test('has the tables and indexes of the schema', async () => {
    const { client, url } = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'customers' }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'sk' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: BY_OWNER.name,
          IndexStatus: 'ACTIVE',
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...BY_OWNER.projection] },
        },
      ],
    });
  });

  test('keeps its data in a directory between starts', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'frontline-airtable-dynamodb-'));
    try {
      const key = { pk: { S: 'a' }, sk: { S: 'b' } };
      const first = await start({ directory });
      await first.client.send(
        new PutItemCommand({ TableName: 'customers', Item: { ...key, name: { S: 'Ann' } } }),
      );
      await first.close();
      const { client } = await start({ directory });
      const { Item } = await client.send(new GetItemCommand({ TableName: 'customers', Key: key }));
      expect(Item).toEqual({ ...key, name: { S: 'Ann' } });
      await running.splice(0)[1]?.close();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  test('stops while aborted requests are still in flight', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { client, close } = await start();
      const puts = Array.from({ length: 30 }, (_, index) =>
        client.send(
          new PutItemCommand({
            TableName: 'customers',
            Item: { pk: { S: String(index) }, sk: { S: 'x' }, owner_key: { S: 'o' }, sort_key: { S: 's' } },
          }),
        ),
      );
      const outcomes = Promise.allSettled(puts);
      await Promise.race(puts);
      client.destroy();
      await close();
      await outcomes;
    }
  });

  test('reports a port in use', async () => {
    const { url } = await start();
    await expect(startDynamoDb({ tables, port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
