import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { type LambdaEmulator, startLambda } from '../../../emulators/lambda/lambda-emulator';

const NAME = 'Stack-Sync1A';
const TIMEOUT_MS = 900_000;
let lambda: LambdaEmulator;
let client: LambdaClient;
const calls: { readonly event: unknown; readonly context: Context }[] = [];
const log: string[] = [];
let finishSlow: () => void;

beforeAll(async () => {
  const slowEnds = new Promise<void>((resolve) => {
    finishSlow = resolve;
  });
  const timeoutMilliseconds = TIMEOUT_MS;
  const functions = [
    {
      name: NAME,
      timeoutMilliseconds,
      handler: (event: unknown, context: Context) => {
        calls.push({ event, context });
        return { done: true };
      },
    },
    {
      name: 'failing',
      timeoutMilliseconds,
      handler: () => {
        throw new RangeError('Out of range');
      },
    },
    { name: 'slow', timeoutMilliseconds, handler: () => slowEnds },
    { name: 'endless', timeoutMilliseconds: 20, handler: () => new Promise(() => {}) },
  ];
  lambda = await startLambda({ functions, log: (line) => log.push(line) });
  client = new LambdaClient({
    endpoint: lambda.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(() => {
  lambda.reset();
  calls.length = 0;
  log.length = 0;
});
afterAll(async () => {
  client.destroy();
  await lambda.close();
});

const invoke = (
  FunctionName: string,
  Payload?: string,
  InvocationType: 'Event' | 'RequestResponse' | 'DryRun' = 'Event',
) =>
  client.send(new InvokeCommand({ FunctionName, InvocationType, ...(Payload !== undefined && { Payload }) }));

test.each([
  NAME,
  `arn:aws:lambda:us-east-1:000000000000:function:${NAME}`,
  `000000000000:function:${NAME}`,
  `${NAME}:live`,
])('an event for %s invokes the function with its context', async (name) => {
  const result = await invoke(name, '{"run":"pass"}');
  await lambda.settled();

  expect(result.StatusCode).toBe(202);
  expect(calls).toMatchObject([{ event: { run: 'pass' }, context: { functionName: NAME } }]);
  const remaining = calls[0]?.context.getRemainingTimeInMillis();
  expect(remaining).toBeGreaterThan(0);
  expect(remaining).toBeLessThan(TIMEOUT_MS);
  expect(lambda.requests).toEqual([
    { functionName: NAME, invocationType: 'Event', event: { run: 'pass' }, status: 202 },
  ]);
});

test('an event is accepted before the function ends', async () => {
  await invoke('slow', '{}');
  let isSettled = false;
  const settled = lambda.settled().then(() => {
    isSettled = true;
  });

  expect(isSettled).toBe(false);
  finishSlow();
  await settled;
});

test('a failure and a time-out are logged, and returned to an invocation by another service', async () => {
  expect((await invoke('failing')).StatusCode).toBe(202);
  await lambda.settled();

  expect(log.join()).toContain('failing failed: RangeError: Out of range');
  expect(await lambda.invoke('endless', {})).toMatchObject({ kind: 'timed-out' });
  expect(log.join()).toContain('endless timed out after 20 ms');
});

test.each([
  ['an unknown function', 'nowhere', '{}', 'ResourceNotFoundException'],
  ['a payload that is not JSON', NAME, 'run', 'InvalidRequestContentException'],
  ['a payload over 1 MB', NAME, JSON.stringify('x'.repeat(1024 * 1024)), 'RequestTooLargeException'],
])('%s is rejected', async (_what, functionName, payload, name) => {
  await expect(invoke(functionName, payload)).rejects.toMatchObject({ name });
  expect(calls).toEqual([]);
});

test('a request without a signature is rejected', async () => {
  const url = `${lambda.url}/2015-03-31/functions/${NAME}/invocations`;
  const init = { method: 'POST', body: '{}', headers: { 'x-amz-invocation-type': 'Event' } };

  expect((await fetch(url, init)).status).toBe(403);
});

test.each(['RequestResponse', 'DryRun'] as const)(
  'an invocation of type %s is not supported',
  async (type) => {
    await expect(invoke(NAME, '{}', type)).rejects.toMatchObject({
      $metadata: { httpStatusCode: 501 },
      message: expect.stringContaining(type),
    });
  },
);

test('faults reject the next requests', async () => {
  lambda.faults.next(1, { kind: 'throttled' });
  lambda.faults.next(1, { kind: 'service-failed' });

  await expect(invoke(NAME)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  await expect(invoke(NAME)).rejects.toMatchObject({ name: 'ServiceException' });
  expect((await invoke(NAME)).StatusCode).toBe(202);
});
