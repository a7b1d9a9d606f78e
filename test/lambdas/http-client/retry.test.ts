import { describe, expect, test } from '@jest/globals';
import { Deadline } from '../../../lambdas/http-client/deadline';
import { RateLimiter } from '../../../lambdas/http-client/rate-limiter';
import {
  hasTransientStatus,
  isReply,
  type RetryPolicy,
  type SendOptions,
  sendRepeatedly,
} from '../../../lambdas/http-client/retry';
import { type ReplyServer, serveReplies } from './serve-replies';
import { VirtualClock } from './virtual-clock';

const POLICY: RetryPolicy = {
  attemptMilliseconds: 10_000,
  waitsMilliseconds: [500, 1_000],
  spread: 1,
  isFailure: hasTransientStatus,
  isUndone: ({ status }) => status === 503,
  throttling: {
    isThrottled: ({ status }) => status === 429,
    waitMilliseconds: ({ retryAfterSeconds }) => (retryAfterSeconds ?? 30) * 1_000,
    maxWaitMilliseconds: 60_000,
    times: 3,
  },
};

async function sendTo(
  { url }: ReplyServer,
  { idempotent = true, ...options }: Partial<SendOptions> & { readonly idempotent?: boolean } = {},
) {
  const waits: number[] = [];
  const outcome = await sendRepeatedly(
    { system: 'Airtable', method: 'POST', url, headers: {}, idempotent },
    {
      policy: POLICY,
      clock: new VirtualClock(),
      onWait: (milliseconds) => waits.push(milliseconds),
      ...options,
    },
  );
  return { status: isReply(outcome) ? outcome.status : outcome.name, waits };
}

const OK = { status: 200, body: {} };
const cut = (response: import('node:http').ServerResponse) => response.destroy();

describe('a failure', () => {
  test.each([500, 502, 503, 504])(
    'with status %i is repeated after the waits of the policy',
    async (status) => {
      const server = await serveReplies({ status }, { status }, OK);

      expect(await sendTo(server)).toEqual({ status: 200, waits: [500, 1_000] });
    },
  );

  test('is the outcome after the last retry', async () => {
    const server = await serveReplies({ status: 500 }, { status: 502 }, { status: 503 });

    expect(await sendTo(server)).toEqual({ status: 503, waits: [500, 1_000] });
    expect(server.requests).toHaveLength(3);
  });

  test('without a response is repeated', async () => {
    expect(await sendTo(await serveReplies(cut, OK))).toEqual({ status: 200, waits: [500] });
  });

  test('with Retry-After is repeated after that time', async () => {
    const server = await serveReplies({ status: 503, headers: { 'retry-after': '7' } }, OK);

    expect(await sendTo(server)).toEqual({ status: 200, waits: [7_000] });
  });

  test.each([400, 401, 403, 404, 413, 422])('with status %i is not repeated', async (status) => {
    const server = await serveReplies({ status }, OK);

    expect(await sendTo(server)).toEqual({ status, waits: [] });
  });
});

describe('a request that is not idempotent', () => {
  test('is repeated only where the response says that nothing was done', async () => {
    const server = await serveReplies({ status: 503 }, { status: 429 }, OK);

    expect(await sendTo(server, { idempotent: false })).toEqual({ status: 200, waits: [500, 30_000] });
  });

  test.each([
    ['status 500', { status: 500 }, 500],
    ['no reply', cut, 'NoResponseError'],
  ])('is not repeated after %s', async (_what, reply, status) => {
    const server = await serveReplies(reply, OK);

    expect(await sendTo(server, { idempotent: false })).toEqual({ status, waits: [] });
    expect(server.requests).toHaveLength(1);
  });
});

describe('throttling', () => {
  test('is waited out apart from failures', async () => {
    const server = await serveReplies({ status: 429 }, { status: 500 }, { status: 429 }, { status: 500 }, OK);

    expect(await sendTo(server)).toEqual({ status: 200, waits: [30_000, 500, 30_000, 1_000] });
  });

  test('is the outcome after as many waits as the policy allows', async () => {
    const server = await serveReplies({ status: 429 });

    expect(await sendTo(server)).toEqual({ status: 429, waits: [30_000, 30_000, 30_000] });
  });

  test('is not waited out where that takes too long', async () => {
    const server = await serveReplies({ status: 429, headers: { 'retry-after': '61' } });

    expect(await sendTo(server)).toEqual({ status: 429, waits: [] });
  });

  test('is a failure like others where the policy does not distinguish it', async () => {
    const server = await serveReplies({ status: 429 }, OK);
    const policy = { ...POLICY, throttling: null };

    expect(await sendTo(server, { policy })).toEqual({ status: 200, waits: [500] });
  });

  test('holds the limiter, and so all other requests', async () => {
    const clock = new VirtualClock();
    const limiter = new RateLimiter(4, clock);
    const held: number[] = [];
    const server = await serveReplies({ status: 429 }, OK);

    await sendTo(server, { limiter, clock, onOutcome: () => held.push(limiter.heldMilliseconds) });

    expect(held).toEqual([0, 0]);
    expect(clock.elapsed()).toBe(30_000);
  });
});

test('a wait that would outlast the deadline does not begin', async () => {
  const server = await serveReplies({ status: 503, headers: { 'retry-after': '20' } });

  expect(await sendTo(server, { deadline: Deadline.in(5_000) })).toEqual({ status: 503, waits: [] });
});

describe('a signal', () => {
  const REASON = new Error('stopped by hand');

  test('ends a wait with its reason', async () => {
    const stop = new AbortController();
    const server = await serveReplies({ status: 500 });

    const sending = sendTo(server, { signal: stop.signal, onWait: () => stop.abort(REASON) });

    await expect(sending).rejects.toBe(REASON);
  });

  test('that is already aborted prevents sending', async () => {
    const server = await serveReplies(OK);

    await expect(sendTo(server, { signal: AbortSignal.abort(REASON) })).rejects.toBe(REASON);
    expect(server.requests).toHaveLength(0);
  });
});
