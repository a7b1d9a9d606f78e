import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type Listening, listen, readBody } from '../../../emulators/core/http-server';
import { BatchWriter } from '../../../lambdas/replica/batch-writer';
import { DynamoTable } from '../../../lambdas/replica/dynamo-table';
import { REPLICA, startReplica } from './replica-fixture';

const Batch = v.record(
  v.string(),
  v.union([v.array(v.unknown()), v.looseObject({ Keys: v.array(v.unknown()) })]),
);
const BatchRequest = v.looseObject({ RequestItems: Batch });

let dynamo: Awaited<ReturnType<typeof startReplica>>;
let throttling: Listening;
/** How many items of each batch the throttled DynamoDB processes; it leaves the rest unprocessed. */
let done = 100;
let waits: number[] = [];
let batches = 0;
beforeAll(async () => {
  dynamo = await startReplica();
  const server = createServer(async (request, response) => {
    const body: unknown = JSON.parse((await readBody(request, 20_000_000)).toString());
    const target = String(request.headers['x-amz-target']);
    const batch = v.safeParse(BatchRequest, body);
    const { rest, cut } = batch.success ? split(batch.output) : { rest: {}, cut: body };
    if (batch.success) batches += 1;
    const isWrite = target.endsWith('BatchWriteItem');
    const reply =
      batch.success && done === 0 ? {} : await forward(target, String(request.headers.authorization), cut);
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(
      JSON.stringify({
        ...reply,
        ...(batch.success && { [isWrite ? 'UnprocessedItems' : 'UnprocessedKeys']: rest }),
      }),
    );
  });
  throttling = await listen(server, 0);
});
afterAll(async () => {
  await throttling.close();
  await dynamo.close();
});
beforeEach(() => {
  waits = [];
  batches = 0;
});

function split({ RequestItems, ...request }: v.InferOutput<typeof BatchRequest>) {
  const wanted = RequestItems[REPLICA] ?? [];
  const all = Array.isArray(wanted) ? wanted : wanted.Keys;
  const part = (some: readonly unknown[]) => (Array.isArray(wanted) ? some : { ...wanted, Keys: some });
  const left = all.slice(done);
  return {
    cut: { ...request, RequestItems: { [REPLICA]: part(all.slice(0, done)) } },
    rest: left.length > 0 ? { [REPLICA]: part(left) } : {},
  };
}

async function forward(target: string, authorization: string, body: unknown): Promise<object> {
  const reply = await fetch(dynamo.url, {
    method: 'POST',
    headers: {
      'x-amz-target': target,
      authorization,
      'x-amz-date': '20261106T000000Z',
      'content-type': 'application/x-amz-json-1.0',
    },
    body: JSON.stringify(body),
  });
  return v.parse(v.looseObject({}), await reply.json());
}

const throttled = () =>
  new DynamoTable({
    client: dynamo.connect(throttling.url),
    table: REPLICA,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
const keys = (length: number) => Array.from({ length }, (_, index) => ({ pk: `item ${index}`, sk: 'item' }));
const items = (length: number) => keys(length).map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));

describe('a table that throttles', () => {
  test('accepts a batch in the end, with growing waits', async () => {
    done = 6;
    await throttled().writeAll(items(60).map((put) => ({ put })));
    done = 100;
    expect(await throttled().getAll(keys(60))).toHaveLength(60);
    expect(waits.length).toBeGreaterThanOrEqual(8);
    expect(Math.max(...waits)).toBeGreaterThan(Math.min(...waits));

    await throttled().writeAll(keys(60).map((key) => ({ delete: key })));
    expect(await throttled().getAll(keys(60))).toEqual([]);
  });

  test('returns a batch in parts, each item once', async () => {
    done = 100;
    await throttled().writeAll(items(230).map((put) => ({ put })));
    done = 7;
    const found = await throttled().getAll([...keys(230), ...keys(10)]);
    expect(new Set(found.map(({ pk }) => pk?.S)).size).toBe(230);
    expect(found).toHaveLength(230);
  });

  test('is unavailable when it accepts nothing for too long', async () => {
    done = 0;
    await expect(throttled().writeAll(items(3).map((put) => ({ put })))).rejects.toMatchObject({
      name: 'Unavailable',
    });
    await expect(throttled().getAll(keys(3))).rejects.toMatchObject({ name: 'Unavailable' });
    expect(Math.max(...waits)).toBeLessThanOrEqual(2_000);
  });
});

describe('items put at the same time', () => {
  test('are sent in batches of 25, the later of two with one key last', async () => {
    done = 100;
    const writer = new BatchWriter(throttled());
    const numbered = items(60).map((item, index) => ({ ...item, number: { N: String(index) } }));
    const [first] = items(1);
    await Promise.all([...numbered, { ...first, number: { N: '99' } }].map((item) => writer.put(item)));
    expect(batches).toBe(3);
    const found = await throttled().getAll(keys(60));
    expect(found).toHaveLength(60);
    expect(found.find(({ pk }) => pk?.S === 'item 0')?.['number']).toEqual({ N: '99' });
  });
});
