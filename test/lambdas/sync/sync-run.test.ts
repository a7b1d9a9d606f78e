import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { LeaseLostError } from '../../../lambdas/replica/replica-store';
import { readBase } from '../../../lambdas/sync/sync-run';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const clock = { now: () => Date.now(), sleep: async () => {} };
const after = (milliseconds: number) =>
  new Promise<string>((resolve) => setTimeout(() => resolve('read'), milliseconds));

test('the lease is renewed while Airtable lets a run wait, and no longer', async () => {
  const startedAt = Date.now();
  const renewals = [startedAt];
  const lease = { renew: async (now: number) => void renewals.push(now) };
  const read = readBase({ base: 300_000, lease, clock }, after);
  await jest.advanceTimersByTimeAsync(300_000);
  expect(await read).toBe('read');
  const gaps = renewals.slice(1).map((time, index) => time - (renewals[index] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(60_000);
  expect(renewals.at(-1)).toBe(startedAt + 300_000);
  const count = renewals.length;
  await jest.advanceTimersByTimeAsync(300_000);
  expect(renewals).toHaveLength(count);
});

test('a lease that is lost meanwhile ends the run when the read is done', async () => {
  const lease = { renew: () => Promise.reject(new LeaseLostError('lost')) };
  const outcome = readBase({ base: 50_000, lease, clock }, after).catch((error: unknown) => error);
  await jest.advanceTimersByTimeAsync(50_000);
  expect(await outcome).toBeInstanceOf(LeaseLostError);
});
