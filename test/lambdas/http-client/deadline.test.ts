import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Deadline } from '../../../lambdas/http-client/deadline';

const never = new Promise<never>(() => {});

describe('a deadline', () => {
  test('has less time left as time passes, and never less than zero', () => {
    expect(Deadline.in(60_000).remainingMilliseconds).toBeLessThanOrEqual(60_000);
    expect(Deadline.in(60_000).remainingMilliseconds).toBeGreaterThan(0);
    expect(Deadline.in(-1).remainingMilliseconds).toBe(0);
  });

  test('gives a part of the work no more time than is left', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10, max: 100_000 }),
        fc.integer({ min: -10, max: 100_000 }),
        (whole, part) => {
          const deadline = Deadline.in(whole);
          expect(deadline.within(part).remainingMilliseconds).toBeLessThanOrEqual(
            Math.max(0, Math.min(whole, part)),
          );
          expect(deadline.leaving(part).remainingMilliseconds).toBeLessThanOrEqual(
            Math.max(0, whole - Math.max(0, part)) + Math.max(0, -part),
          );
        },
      ),
    );
  });

  test('ends its parts when it ends', async () => {
    const deadline = Deadline.in(10);
    const part = deadline.within(60_000);

    await expect(deadline.race(never)).rejects.toMatchObject({ name: 'OutOfTime' });

    expect(part.signal.aborted).toBe(true);
  });

  test('outlives its parts', async () => {
    const deadline = Deadline.in(60_000);

    await expect(deadline.within(10).race(never)).rejects.toMatchObject({ name: 'OutOfTime' });

    expect(deadline.signal.aborted).toBe(false);
  });
});

describe('work that races a deadline', () => {
  test('has its outcome when it is done in time', async () => {
    await expect(Deadline.in(60_000).race(Promise.resolve('done'))).resolves.toBe('done');
    await expect(Deadline.in(60_000).race(Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  test('has its own error when it fails because its time is up, because that is more specific', async () => {
    const deadline = Deadline.in(10);
    const work = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener('abort', () => reject(new Error('Airtable did not answer')));
    });

    await expect(deadline.race(work)).rejects.toThrow('Airtable did not answer');
  });

  test('fails at once when the deadline has passed', async () => {
    const deadline = Deadline.in(0);
    await expect(deadline.race(never)).rejects.toMatchObject({ name: 'OutOfTime' });

    await expect(deadline.race(never)).rejects.toMatchObject({ name: 'OutOfTime' });
  });

  test('may fail later than that without harm', async () => {
    let fail = (_error: Error) => {};
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });

    await expect(Deadline.in(1).race(work)).rejects.toMatchObject({ name: 'OutOfTime' });

    fail(new Error('too late'));
    await expect(work).rejects.toThrow('too late');
  });
});
