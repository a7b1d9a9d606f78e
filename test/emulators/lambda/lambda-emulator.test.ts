import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { type LambdaEmulator, startLambda } from '../../../emulators/lambda/lambda-emulator';

interface Call {
  readonly event: unknown;
  readonly context: Context;
}

let lambda: LambdaEmulator;
let client: LambdaClient;
let calls: Call[];
let log: string[];
let finishSlow: () => void;

beforeEach(async () => {
  calls = [];
  log = [];
  const slowEnds = new Promise<void>((resolve) => {
    finishSlow = resolve;
  });
  const functions = [
    {
      name: 'Stack-Sync1A',
      timeoutMilliseconds: 5_000,
      handler: (event: unknown, context: Context) => {
        calls.push({ event, context });
        return { done: true };
      },
    },
    { name: 'silent', timeoutMilliseconds: 5_000, handler: () => undefined },
    {
      name: 'failing',
      timeoutMilliseconds: 5_000,
      handler: () => {
        throw new RangeError('Out of range');
      },
    },
    { name: 'slow', timeoutMilliseconds: 5_000, handler: () => slowEnds },
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
afterEach(async () => {
  finishSlow();
  client.destroy();
  await lambda.close();
});

const invoke = (
  FunctionName: string,
  Payload?: string,
  InvocationType: 'RequestResponse' | 'Event' | 'DryRun' = 'RequestResponse',
) =>
  client.send(new InvokeCommand({ FunctionName, InvocationType, ...(Payload !== undefined && { Payload }) }));
const payloadOf = ({ Payload }: { Payload?: Uint8Array | undefined }) =>
  JSON.parse(Buffer.from(Payload ?? []).toString());

describe('a synchronous invocation', () => {
  test("returns the function's result", async () => {
    const result = await invoke('Stack-Sync1A', '{"run":"pass"}');

    expect(result).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(result.FunctionError).toBeUndefined();
    expect(payloadOf(result)).toEqual({ done: true });
    expect(calls[0]?.event).toEqual({ run: 'pass' });
    expect(calls[0]?.context.functionName).toBe('Stack-Sync1A');
    expect(calls[0]?.context.getRemainingTimeInMillis()).toBeGreaterThan(4_000);
  });

  test('of a function that returns nothing returns null', async () => {
    expect(payloadOf(await invoke('silent'))).toBeNull();
  });

  test('of a function that throws returns the error', async () => {
    const result = await invoke('failing', '{}');

    expect(result).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(payloadOf(result)).toMatchObject({ errorType: 'RangeError', errorMessage: 'Out of range' });
    expect(log.join()).toContain('failing failed: RangeError: Out of range');
  });

  test('of a function that does not end in time returns the time-out', async () => {
    const result = await invoke('endless', '{}');

    expect(result.FunctionError).toBe('Unhandled');
    expect(payloadOf(result)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 0.02 seconds'),
    });
  });
});

describe('an asynchronous invocation', () => {
  test('is accepted before the function ends', async () => {
    const result = await invoke('slow', '{}', 'Event');
    let isSettled = false;
    const settled = lambda.settled().then(() => {
      isSettled = true;
    });

    expect(result.StatusCode).toBe(202);
    expect(isSettled).toBe(false);
    finishSlow();
    await settled;
  });

  test('is accepted though the function fails', async () => {
    const result = await invoke('failing', '{}', 'Event');
    await lambda.settled();

    expect(result.StatusCode).toBe(202);
    expect(result.FunctionError).toBeUndefined();
    expect(log).toHaveLength(1);
  });

  test('is recorded with its event', async () => {
    await invoke('Stack-Sync1A', '{"run":"changes"}', 'Event');

    expect(lambda.invocations).toEqual([
      { functionName: 'Stack-Sync1A', invocationType: 'Event', event: { run: 'changes' } },
    ]);
  });
});

test('a dry run runs nothing', async () => {
  expect((await invoke('Stack-Sync1A', '{}', 'DryRun')).StatusCode).toBe(204);
  expect(calls).toEqual([]);
});

test.each([
  'arn:aws:lambda:us-east-1:000000000000:function:Stack-Sync1A',
  '000000000000:function:Stack-Sync1A',
  'Stack-Sync1A:live',
])('%s names the function', async (name) => {
  expect((await invoke(name)).StatusCode).toBe(200);
  expect(calls).toHaveLength(1);
});

describe('a request', () => {
  test('for a function that does not exist is rejected', async () => {
    await expect(invoke('nowhere', '{}')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('whose payload is not JSON is rejected', async () => {
    await expect(invoke('silent', 'run')).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  });

  test('whose asynchronous payload is larger than 1 MB is rejected', async () => {
    const payload = JSON.stringify('x'.repeat(1024 * 1024));

    await expect(invoke('Stack-Sync1A', payload, 'Event')).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
    expect(calls).toEqual([]);
  });

  test('without a signature is rejected', async () => {
    const url = `${lambda.url}/2015-03-31/functions/silent/invocations`;

    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(403);
  });

  test('is throttled or fails on demand', async () => {
    lambda.failNext(1, 'throttled');
    lambda.failNext(1, 'service-failed');

    await expect(invoke('silent')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await expect(invoke('silent')).rejects.toMatchObject({ name: 'ServiceException' });
    expect((await invoke('silent')).StatusCode).toBe(200);
  });
});
