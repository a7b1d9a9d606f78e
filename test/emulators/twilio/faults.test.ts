import { describe, expect, test } from '@jest/globals';
import { aTwilio, call } from './account';

const CREATE = 'POST /v1/Conversations';

/** The faults of the connection are those of every emulator, and are tried there. */
describe('faults', () => {
  test.each([
    [{ kind: 'rate-limited' }, 429, 20429],
    [{ kind: 'server-error' }, 500, 20500],
    [{ kind: 'unavailable' }, 503, 20503],
    [{ kind: 'rejected', status: 429, code: 50063, message: 'Too fast' }, 429, 50063],
  ] as const)('%j: the request fails with its code, and nothing is done', async (fault, status, code) => {
    const twilio = await aTwilio();
    twilio.faults.next(1, fault);

    expect(await call(twilio, CREATE)).toMatchObject({ status, body: { code, status } });
    expect(twilio.conversations()).toEqual([]);
    expect(await call(twilio, CREATE)).toMatchObject({ status: 201 });
  });

  test('rate-limited: has Retry-After if set', async () => {
    const twilio = await aTwilio();
    twilio.faults.next(1, { kind: 'rate-limited', retryAfterSeconds: 2 });

    const response = await fetch(`${twilio.url}/v1/Conversations`);

    expect(response.headers.get('retry-after')).toBe('2');
  });

  test("other-response: the response is not Twilio's", async () => {
    const twilio = await aTwilio();
    twilio.faults.next(1, { kind: 'other-response', status: 200, body: '<p>Sign in to the network</p>' });

    const response = await fetch(`${twilio.url}/v1/Conversations`, { method: 'POST' });

    expect([response.status, await response.text()]).toEqual([200, '<p>Sign in to the network</p>']);
    expect(twilio.conversations()).toEqual([]);
  });

  test('can be limited to some requests', async () => {
    const twilio = await aTwilio();
    twilio.faults.always({ kind: 'server-error' }, ({ form }) => form['FriendlyName'] === 'Jane');

    expect(await call(twilio, CREATE, { FriendlyName: 'Ben' })).toMatchObject({ status: 201 });
    expect(await call(twilio, CREATE, { FriendlyName: 'Jane' })).toMatchObject({ status: 500 });
  });
});
