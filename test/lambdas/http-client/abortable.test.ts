import { expect, test } from '@jest/globals';
import { abortable } from '../../../lambdas/http-client/deadline';

const REASON = new Error('stopped by hand');
const never = () => new Promise<string>(() => {});

test('the outcome is that of the work, a value or an error', async () => {
  const { signal } = new AbortController();

  expect(await abortable(signal, async () => 'done')).toBe('done');
  await expect(abortable(signal, () => Promise.reject(REASON))).rejects.toBe(REASON);
});

test('work in progress is not waited for once the signal aborts', async () => {
  const stop = new AbortController();
  const outcome = abortable(stop.signal, never);

  stop.abort(REASON);

  await expect(outcome).rejects.toBe(REASON);
});

test('work does not begin where the signal has aborted', async () => {
  let begun = false;
  const work = async () => {
    begun = true;
  };

  await expect(abortable(AbortSignal.abort(REASON), work)).rejects.toBe(REASON);
  expect(begun).toBe(false);
});

test('in the grace period, aborted work may still give a more specific error', async () => {
  const stop = new AbortController();
  const own = new Error('I waited for Airtable');
  const work = () =>
    new Promise<never>((_, reject) =>
      stop.signal.addEventListener('abort', () => setImmediate(() => reject(own))),
    );
  const outcome = abortable(stop.signal, work, { graceMilliseconds: 60_000 });

  stop.abort(REASON);

  await expect(outcome).rejects.toBe(own);
});

test('after the grace period, the error is the reason that the caller gives', async () => {
  const outcome = abortable(AbortSignal.abort(), never, { graceMilliseconds: 1, reason: () => REASON });

  await expect(outcome).rejects.toBe(REASON);
});
