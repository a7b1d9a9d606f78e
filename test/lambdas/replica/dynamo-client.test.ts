import { createServer } from 'node:http';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Listening, listen } from '../../../emulators/core/http-server';
import { createDynamoClient } from '../../../lambdas/replica/dynamo-client';
import { OPT_OUTS, REPLICA, startReplica } from './replica-fixture';

const KEYS = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' };

let dynamo: Awaited<ReturnType<typeof startReplica>>;
let silent: Listening;
let tokens: (string | undefined)[] = [];
beforeAll(async () => {
  dynamo = await startReplica();
  const server = createServer((request) => {
    tokens.push(request.headers['x-amz-security-token']?.toString());
  });
  silent = await listen(server, 0);
});
afterAll(async () => {
  await silent.close();
  await dynamo.close();
});

const listTables = new ListTablesCommand({});

describe('the client of a function', () => {
  test.each(['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL'])('uses the address in %s', async (variable) => {
    const client = createDynamoClient({ ...KEYS, [variable]: dynamo.url });
    expect((await client.send(listTables)).TableNames).toEqual([OPT_OUTS, REPLICA]);
    client.destroy();
  });

  test('prefers DynamoDB’s own address to that of all services', async () => {
    const client = createDynamoClient({
      ...KEYS,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    });
    expect((await client.send(listTables)).TableNames).toHaveLength(2);
    client.destroy();
  });

  test('signs with the session token, and stops after the given attempts when DynamoDB does not respond', async () => {
    tokens = [];
    const client = createDynamoClient(
      { ...KEYS, AWS_SESSION_TOKEN: 'session', AWS_ENDPOINT_URL_DYNAMODB: silent.url },
      { attempts: 2, attemptMs: 1_000 },
    );
    await expect(client.send(listTables)).rejects.toThrow();
    expect(tokens).toEqual(['session', 'session']);
    client.destroy();
  });

  test('names the missing variables where the environment has no credentials', async () => {
    const client = createDynamoClient({ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: dynamo.url });
    await expect(client.send(listTables)).rejects.toMatchObject({
      name: 'Misconfigured',
      message: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    });
    client.destroy();
  });
});
