import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { handler as crm } from '../../../lambdas/crm';
import { type CallbackEvent, callbackEvent, DOMAIN, type Sending } from '../../world/callback-event';
import { ANA } from '../../world/crm';
import { callbackNamed, FIVE_CALLBACKS } from '../../world/five-callbacks';
import { startFive, world } from '../../world/use-world';
import { AUTH_TOKEN, CREDENTIALS } from '../../world/world';

beforeEach(() => startFive());

type Parameters = Readonly<Record<string, string>>;
type Forgery = (asks: Parameters, path: string) => CallbackEvent;

const sign = (asks: Parameters, sending: Sending) =>
  callbackEvent(asks, { authToken: AUTH_TOKEN, ...sending });

const FORGERIES: readonly [what: string, forge: Forgery][] = [
  ['no signature', (asks, path) => sign(asks, { path, signature: null })],
  ['a blank signature', (asks, path) => sign(asks, { path, signature: '' })],
  ['a forged signature', (asks, path) => sign(asks, { path, signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' })],
  [
    'a signature for another path',
    (asks, path) => sign(asks, { path, signedUrl: `https://${DOMAIN}/callbacks/other` }),
  ],
  [
    'a signature for another host',
    (asks, path) => sign(asks, { path, signedUrl: `https://example.com${path}` }),
  ],
  [
    'a signature for the host in a forwarded header',
    (asks, path) =>
      sign(asks, {
        path,
        signedUrl: `https://example.com${path}`,
        headers: { 'x-forwarded-host': 'example.com', forwarded: 'host=example.com', host: 'example.com' },
      }),
  ],
  ['a signature for plain http', (asks, path) => sign(asks, { path, signedUrl: `http://${DOMAIN}${path}` })],
  [
    'a query that was not signed',
    (asks, path) => ({ ...sign(asks, { path }), rawQueryString: 'PageSize=1' }),
  ],
  [
    'a value changed after signing',
    (asks, path) => sign(asks, { path, rawBody: encoded({ ...asks, Worker: 'eve@example.com' }) }),
  ],
  [
    'a parameter added after signing',
    (asks, path) => sign(asks, { path, rawBody: encoded({ ...asks, Query: 'x' }) }),
  ],
  [
    'a parameter taken away after signing',
    (asks, path) => sign(asks, { path, rawBody: encoded({ ...asks }).replace(/&[^&]*$/, '') }),
  ],
  [
    'the AccountSid of another account',
    (asks, path) => sign({ ...asks, AccountSid: `AC${'f'.repeat(32)}` }, { path }),
  ],
];

function encoded(parameters: Parameters): string {
  return new URLSearchParams(parameters).toString();
}

describe.each(FIVE_CALLBACKS)('$name', ({ name, path, handler, asks }) => {
  test('accepts a request that Twilio signed', async () => {
    const { status } = await world.deliver(handler, sign(asks, { path }));

    expect(status).toBe(200);
  });

  test('rejects another request with 403, calling neither Airtable nor Twilio', async () => {
    const { status, body, log } = await world.deliver(
      handler,
      sign(asks, { path, authToken: 'f'.repeat(32) }),
    );

    expect(status).toBe(403);
    expect(body).toMatchObject({ error: 'NotSigned' });
    expect(world.airtableRequests).toHaveLength(0);
    expect(world.twilio.requests).toHaveLength(0);
    expect(log).toMatchObject([{ callback: name, status: 403, airtableRequests: 0, twilioRequests: 0 }]);
  });

  test('sends no request even to Secrets Manager if there is no signature', async () => {
    const before = world.secrets.requests.length;

    await world.deliver(handler, sign(asks, { path, signature: null }));

    expect(world.secrets.requests).toHaveLength(before);
  });
});

test.each(FORGERIES)('%s is not accepted', async (_what, forge) => {
  const { path, handler, asks } = callbackNamed('crm');

  expect(await world.deliver(handler, forge(asks, path))).toMatchObject({
    status: 403,
    body: { error: 'NotSigned' },
  });
});

describe('the log line of a request that is not verified as Twilio’s', () => {
  test('repeats nothing of the request', async () => {
    const event = sign(
      { Location: 'GetCustomersList', Worker: 'eve@example.com', CustomerId: 'injected' },
      { path: '/callbacks/crm', authToken: 'f'.repeat(32) },
    );

    const { log } = await world.deliver(crm, event);

    expect(JSON.stringify(log)).not.toMatch(/eve@|injected|GetCustomersList/);
  });
});

describe('the URL that Twilio signs', () => {
  const asks = { Location: 'GetCustomersList', Worker: ANA };
  const path = '/callbacks/crm';
  const statusOf = async (sending: Partial<Sending>) =>
    (await world.deliver(crm, sign(asks, { path, ...sending }))).status;

  test("is the API's own by default, regardless of forwarded headers", async () => {
    expect(
      await statusOf({ headers: { 'x-forwarded-host': 'evil.example.com', host: 'evil.example.com' } }),
    ).toBe(200);
  });

  test('covers the query string verbatim', async () => {
    expect(await statusOf({ query: 'env=prod&b=%2f+1&b=2&empty=' })).toBe(200);
  });

  test('may include the default port of https', async () => {
    expect(await statusOf({ signedUrl: `https://${DOMAIN}:443${path}` })).toBe(200);
  });

  test.each([
    'https://frontline.example.com',
    'https://frontline.example.com/eu',
    'https://frontline.example.com/eu/',
  ])('is under PUBLIC_BASE_URL if that is %s, and no longer under the API’s own domain', async (base) => {
    process.env['PUBLIC_BASE_URL'] = base;

    expect(await statusOf({ signedUrl: `${base.replace(/\/$/, '')}${path}` })).toBe(200);
    expect(await statusOf({})).toBe(403);
  });
});

describe('while tokens are being rotated', () => {
  test('the secondary token is accepted too', async () => {
    const secondary = 'a'.repeat(32);
    world.fillSecret(JSON.stringify({ ...CREDENTIALS, AUTH_TOKEN_SECONDARY: secondary }));

    const { status } = await world.ask(
      crm,
      { Location: 'GetCustomersList', Worker: ANA },
      { path: '/callbacks/crm', authToken: secondary },
    );

    expect(status).toBe(200);
  });

  test('a blank secondary token verifies nothing', async () => {
    world.fillSecret(JSON.stringify({ ...CREDENTIALS, AUTH_TOKEN_SECONDARY: '' }));

    const { status } = await world.ask(
      crm,
      { Location: 'GetCustomersList', Worker: ANA },
      { path: '/callbacks/crm', authToken: '' },
    );

    expect(status).toBe(403);
  });
});

describe('a request that a shared key signed', () => {
  const KEY = 'sharedkeysecret0123456789abcdef';
  const NAMES_KEY = {
    'x-twilio-webhooks-signature-settings': 'key=webhooks_sharedkey_01,algorithm=HMAC_SHA256',
  };
  const path = '/callbacks/crm';
  const asks = { Location: 'GetCustomersList', Worker: ANA };
  const signature = createHmac('sha256', KEY)
    .update(`https://${DOMAIN}${path}LocationGetCustomersListWorker${ANA}`)
    .digest('base64');
  const bySharedKey = () => sign(asks, { path, signature, headers: NAMES_KEY });
  const withKeys = (WEBHOOK_SHARED_KEYS: unknown) =>
    world.fillSecret(JSON.stringify({ ...CREDENTIALS, WEBHOOK_SHARED_KEYS }));

  test('is accepted, as are requests that the auth token signed', async () => {
    withKeys(['other', KEY]);

    expect((await world.deliver(crm, bySharedKey())).status).toBe(200);
    expect((await world.deliver(crm, sign(asks, { path }))).status).toBe(200);
  });

  test('is rejected without the key, and the log names the header', async () => {
    const { status, body, log } = await world.deliver(crm, bySharedKey());

    expect(status).toBe(403);
    expect(JSON.stringify(body)).not.toMatch(/shared|WEBHOOK/i);
    expect(log).toMatchObject([
      { failure: { message: expect.stringContaining('X-Twilio-Webhooks-Signature-Settings') } },
    ]);
  });

  test('is never checked with the auth token', async () => {
    withKeys(KEY);

    expect((await world.deliver(crm, sign(asks, { path, headers: NAMES_KEY }))).status).toBe(403);
  });
});

describe('a forged request', () => {
  const forged = (change: Partial<CallbackEvent> = {}) => ({
    ...sign(
      { Location: 'GetCustomersList', Worker: ANA },
      { path: '/callbacks/crm', authToken: 'f'.repeat(32) },
    ),
    ...change,
  });

  test('reveals nothing of the service’s configuration', async () => {
    process.env['PUBLIC_BASE_URL'] = 'https://secret.example.com/eu';

    const { status, body } = await world.deliver(crm, forged());

    expect(status).toBe(403);
    expect(body).toMatchObject({ message: 'The request is not signed by Twilio for this service' });
    expect(JSON.stringify(body)).not.toMatch(/example\.com|AUTH_TOKEN|PUBLIC/);
  });

  test.each([
    ['no host', '', '/callbacks/crm'],
    ['a port without a host', '', ':443/callbacks/crm'],
    ['an invalid host', '[', '/callbacks/crm'],
    ['a broken escape', DOMAIN, '/%zz'],
  ])('is a 403 if its URL has %s', async (_what, domainName, rawPath) => {
    const event = forged({ rawPath });

    const { status } = await world.deliver(crm, {
      ...event,
      requestContext: { ...event.requestContext, domainName },
    });

    expect(status).toBe(403);
  });
});
