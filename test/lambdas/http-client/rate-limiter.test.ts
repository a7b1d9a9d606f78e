import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RateLimiter } from '../../../lambdas/http-client/rate-limiter';
import { VirtualClock } from './virtual-clock';

/** Requests slots all at once. @returns the time of each, in the order of the requests */
function slots(limiter: RateLimiter, clock: VirtualClock, count: number): Promise<number[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      await limiter.acquire();
      return clock.elapsed();
    }),
  );
}

test('slots are evenly spaced, the first one at once', async () => {
  const clock = new VirtualClock(7);

  expect(await slots(new RateLimiter(4, clock), clock, 5)).toEqual([7, 257, 507, 757, 1_007]);
});

test('requests are not saved up in idle time', async () => {
  const clock = new VirtualClock();
  const limiter = new RateLimiter(2, clock);
  await limiter.acquire();
  await clock.pause(60_000);

  expect(await slots(limiter, clock, 3)).toEqual([60_000, 60_500, 61_000]);
});

test('a hold blocks slots until it ends, and the longest hold counts', async () => {
  const clock = new VirtualClock();
  const limiter = new RateLimiter(4, clock);
  await limiter.acquire();
  limiter.hold(30_000);
  limiter.hold(1_000);

  expect(limiter.heldMilliseconds).toBe(30_000);
  expect(await slots(limiter, clock, 2)).toEqual([30_000, 30_250]);
  expect(limiter.heldMilliseconds).toBe(0);
});

test('a hold that begins during a wait lengthens it', async () => {
  const clock = new VirtualClock();
  const limiter = new RateLimiter(4, clock);
  const given = slots(limiter, clock, 2);
  limiter.hold(5_000);

  expect(await given).toEqual([5_000, 5_250]);
});

test('a wait that is aborted takes no slot from others', async () => {
  const clock = new VirtualClock();
  const limiter = new RateLimiter(4, clock);
  const stop = new AbortController();
  const reason = new Error('stopped by hand');
  await limiter.acquire();
  const stopped = limiter.acquire(stop.signal);
  const others = slots(limiter, clock, 2);

  stop.abort(reason);

  await expect(stopped).rejects.toBe(reason);
  expect(await others).toEqual([500, 750].map((time) => time - 250));
});

test('no second has more slots than the rate, at any times of requests', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 900 })), { maxLength: 6 }),
      async (rate, bursts) => {
        const clock = new VirtualClock();
        const limiter = new RateLimiter(rate, clock);
        const given: number[] = [];
        for (const [count, rest] of bursts) {
          given.push(...(await slots(limiter, clock, count)));
          await clock.pause(rest);
        }
        for (const start of given) {
          // A little less than a second, because a third of a second is not an exact number.
          const within = given.filter((time) => time >= start && time < start + 999);
          expect(within.length).toBeLessThanOrEqual(rate);
        }
      },
    ),
    { numRuns: 50 },
  );
});
