import { describe, expect, test } from '@jest/globals';
import { type CallbackEvent, callbackEvent, type Sending } from '../../world/callback-event';
import { callbackNamed, type OneOfFive } from '../../world/five-callbacks';
import { encodeForm, formEvent, type Pair } from '../../world/form-event';
import { shareFive, world } from '../../world/use-world';
import { AUTH_TOKEN } from '../../world/world';

const LIMIT = 64 * 1_024;

shareFive();

/** The callback's usual form with one more parameter that gives it the requested length. */
function formOfBytes({ path, asks }: OneOfFive, bytes: number): CallbackEvent {
  const usual: Pair[] = [...Object.entries(asks), ['Filling', '']];
  const filling = 'x'.repeat(bytes - encodeForm(usual).length);
  return formEvent([...usual.slice(0, -1), ['Filling', filling]], { path });
}

function formAs(contentType: string, { path, asks }: OneOfFive): CallbackEvent {
  const sending: Sending = { path, authToken: AUTH_TOKEN, headers: { 'content-type': contentType } };
  return callbackEvent(asks, sending);
}

/** Before any outbound request, including Secrets Manager. */
async function refusal({ name, handler }: OneOfFive, event: CallbackEvent) {
  const secretsBefore = world.secrets.requests.length;
  const { status, body, log } = await world.deliver(handler, event);
  expect(world.secrets.requests).toHaveLength(secretsBefore);
  expect(world.airtableRequests).toHaveLength(0);
  expect(world.twilio.requests).toHaveLength(0);
  expect(log).toMatchObject([{ callback: name, status }]);
  return { status, body };
}

const callback = callbackNamed('crm');

describe('a request', () => {
  test.each([
    'application/json',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/x-www-form-urlencoded-not',
    'x; application/x-www-form-urlencoded',
    '',
  ])('rejects a body of type "%s" with 415, even if signed', async (contentType) => {
    const { status, body } = await refusal(callback, formAs(contentType, callback));

    expect(status).toBe(415);
    expect(body).toMatchObject({ message: expect.stringContaining('application/x-www-form-urlencoded') });
  });

  test.each(['%%%', 'TG9jYXRpb249-_AA', 'TG9j YXRpb24=', 'TG9jYXRpb249=', 'T'])(
    'rejects the body "%s", which is marked as base64 and is not, with 400',
    async (broken) => {
      const event = callbackEvent(callback.asks, { path: callback.path, authToken: AUTH_TOKEN });

      const { status, body } = await refusal(callback, { ...event, body: broken });

      expect(status).toBe(400);
      expect(body).toMatchObject({ message: expect.stringContaining('base64') });
    },
  );

  // Lambda accepts events of 6 MB.
  test.each([LIMIT + 1, 1_000_000, 4_500_000])('rejects a body of %d bytes with 413', async (bytes) => {
    const { status, body } = await refusal(callback, formOfBytes(callback, bytes));

    expect(status).toBe(413);
    expect(body).toMatchObject({ message: expect.stringContaining('64 kB') });
  });

  test('rejects a text body of more than 64 kB with 413', async () => {
    const event = formOfBytes(callback, LIMIT);
    const text = Buffer.from(event.body ?? '', 'base64').toString();

    // Within the limit in characters, not in bytes.
    const { status } = await refusal(callback, {
      ...event,
      body: `${text.slice(0, -1)}é`,
      isBase64Encoded: false,
    });

    expect(status).toBe(413);
  });
});

describe('a request', () => {
  test('with a missing or unreadable part counts as unsigned', async () => {
    const statuses = new Set<number>();
    for (const { part, unreadable } of UNREADABLE) {
      const event = callbackEvent(callback.asks, { path: callback.path, authToken: AUTH_TOKEN });
      Reflect.deleteProperty(event, part);
      statuses.add((await world.deliver(callback.handler, event)).status);
      Reflect.set(event, part, unreadable);
      statuses.add((await world.deliver(callback.handler, event)).status);
    }
    expect([...statuses]).toEqual([403]);
  });
});

const UNREADABLE = [
  { part: 'headers', unreadable: null },
  { part: 'headers', unreadable: { 'x-twilio-signature': 7, 'content-type': ['x'] } },
  { part: 'rawPath', unreadable: null },
  { part: 'rawPath', unreadable: ':443/callbacks' },
  { part: 'requestContext', unreadable: null },
  { part: 'requestContext', unreadable: { domainName: '' } },
  { part: 'requestContext', unreadable: { domainName: '[::1' } },
  { part: 'body', unreadable: { a: 1 } },
];

describe('accepted is', () => {
  const statusOf = async (event: CallbackEvent) => (await world.deliver(callback.handler, event)).status;

  test.each([
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=UTF-8',
    'application/x-www-form-urlencoded;charset=utf-8',
    'Application/X-WWW-Form-Urlencoded ; charset=utf-8',
  ])('a form of type "%s"', async (contentType) => {
    expect(await statusOf(formAs(contentType, callback))).toBe(200);
  });

  test('a form of 64 kB', async () => {
    expect(await statusOf(formOfBytes(callback, LIMIT))).toBe(200);
  });

  test('a form as text instead of base64', async () => {
    const event = callbackEvent(callback.asks, { path: callback.path, authToken: AUTH_TOKEN });
    const text = Buffer.from(event.body ?? '', 'base64').toString();

    expect(await statusOf({ ...event, body: text, isBase64Encoded: false })).toBe(200);
  });
});
