import { describe, expect, test } from '@jest/globals';
import { aTwilio, officialClient } from './account';

const WORKER = 'ana@example.com';

describe('faults', () => {
  test.each([
    ['rate-limited', { kind: 'rate-limited' }, { status: 429, code: 20429 }],
    ['server-error', { kind: 'server-error' }, { status: 500, code: 20500 }],
    ['unavailable', { kind: 'unavailable' }, { status: 503, code: 20503 }],
    ['bad-gateway', { kind: 'bad-gateway' }, { status: 502 }],
    [
      'rejected',
      { kind: 'rejected', status: 403, code: 50214, message: 'User conversation limit exceeded' },
      { status: 403, code: 50214, message: 'User conversation limit exceeded' },
    ],
    ['connection-reset', { kind: 'connection-reset' }, { code: 'ECONNRESET' }],
  ] as const)('%s: the request fails, and nothing is done', async (_name, fault, failure) => {
    const twilio = await aTwilio();
    const { conversations } = officialClient(twilio).conversations.v1;
    twilio.faults.next(1, fault);

    await expect(conversations.create()).rejects.toMatchObject(failure);
    expect(twilio.conversations()).toEqual([]);

    await conversations.create();
    expect(twilio.conversations()).toHaveLength(1);
  });

  test('a page of HTML causes an error without a code', async () => {
    const twilio = await aTwilio();
    twilio.faults.always({ kind: 'bad-gateway' });

    const error: unknown = await officialClient(twilio)
      .conversations.v1.conversations.create()
      .catch((reason: unknown) => reason);

    expect(error).not.toHaveProperty('code');
  });

  test('rate-limited: has Retry-After if set', async () => {
    const twilio = await aTwilio();
    twilio.faults.next(1, { kind: 'rate-limited', retryAfterSeconds: 2 });

    const response = await fetch(`${twilio.url}/v1/Conversations`);

    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.json()).toEqual({
      code: 20429,
      message: 'Too Many Requests',
      more_info: 'https://www.twilio.com/docs/errors/20429',
      status: 429,
    });
  });

  test('response-lost: the request is carried out anyway', async () => {
    const twilio = await aTwilio();
    const { sid } = twilio.createConversation();
    const { participants } = officialClient(twilio).conversations.v1.conversations(sid);
    twilio.faults.next(1, { kind: 'response-lost' });

    await expect(participants.create({ identity: WORKER })).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect(twilio.participants(sid)).toMatchObject([{ identity: WORKER }]);
    expect(twilio.requests).toMatchObject([{ status: null }]);
    await expect(participants.create({ identity: WORKER })).rejects.toMatchObject({ code: 50433 });
  });

  test('stalled: there is no response until the caller times out', async () => {
    const twilio = await aTwilio();
    twilio.faults.next(1, { kind: 'stalled' });

    const request = fetch(`${twilio.url}/v1/Conversations`, { signal: AbortSignal.timeout(100) });

    await expect(request).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(twilio.requests).toMatchObject([{ path: '/v1/Conversations', status: null }]);
  });

  test('slow: the right response comes late', async () => {
    const twilio = await aTwilio();
    twilio.faults.next(1, { kind: 'slow', milliseconds: 20 });

    await officialClient(twilio).conversations.v1.conversations.create({ friendlyName: 'Jane' });

    expect(twilio.conversations()).toMatchObject([{ friendlyName: 'Jane' }]);
  });

  test('can be limited to some requests', async () => {
    const twilio = await aTwilio();
    const { sid } = twilio.createConversation();
    const conversation = officialClient(twilio).conversations.v1.conversations(sid);
    twilio.faults.always(
      { kind: 'server-error' },
      ({ method, path, form }) =>
        method === 'POST' && path.endsWith('/Participants') && form['Identity'] === WORKER,
    );

    await conversation.fetch();
    await conversation.participants.create({ identity: 'b@example.com' });
    await expect(conversation.participants.create({ identity: WORKER })).rejects.toMatchObject({
      status: 500,
    });

    twilio.faults.clear();
    await expect(conversation.participants.create({ identity: WORKER })).resolves.toBeDefined();
  });

  test('counted ones come before the permanent one', async () => {
    const twilio = await aTwilio();
    const { conversations } = officialClient(twilio).conversations.v1;
    twilio.faults.always({ kind: 'unavailable' });
    twilio.faults.next(2, { kind: 'rate-limited' });

    for (const status of [429, 429, 503, 503]) {
      await expect(conversations.create()).rejects.toMatchObject({ status });
    }
  });
});
