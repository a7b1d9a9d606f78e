import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { lambdaContext } from '../../../emulators/lambda/invocation';
import { ErrorBody } from '../../../lambdas/inbox/api';
import { handler } from '../../../lambdas/inbox-api';
import { ANA, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';

let inbox: InboxWorld;
let chatSid = '';
beforeAll(async () => {
  inbox = await InboxWorld.start({
    customers: [
      { id: 541, name: 'Jane Roe', sms: JANE, owner: ANA },
      { id: 'A/12', name: 'With a slash', sms: '+15558675311', owner: ANA },
      { id: '50%', name: 'With a sign', sms: '+15558675312', owner: ANA },
    ],
    columns: { id: 'singleLineText' },
  });
  chatSid = String((await inbox.receive(JANE, 'Hello')).conversationSid);
});
afterAll(async () => {
  await inbox.close();
  await closeWorlds();
});

interface Raw {
  readonly method?: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Sends a target as it stands: `fetch` would tidy it up. */
function send({ method = 'GET', target, headers = {}, body }: Raw) {
  const { port } = new URL(inbox.gateway.url);
  return new Promise<{ status: number; headers: string[]; text: string }>((resolve, reject) => {
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path: target,
        headers: { authorization: `Bearer sub-${ANA}`, ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += String(chunk);
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: Object.keys(response.headers), text }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const POST = { method: 'POST', headers: { 'content-type': 'application/json' } };
const customers = (query: string): Raw => ({ target: `/api/customers?${query}` });
const cursor = (text: string) => encodeURIComponent(Buffer.from(text).toString('base64url'));

const ODD: readonly (readonly [string, () => Raw])[] = [
  ['a zero byte', () => ({ target: '/api/%00' })],
  ['a zero byte as a customer', () => ({ target: '/api/customers/%00' })],
  ['half an escape', () => ({ target: '/api/customers/%E0%A4%A' })],
  ['a single percent sign', () => ({ target: '/api/%' })],
  ['a path of 3,000 characters', () => ({ target: `/api/${'a'.repeat(3_000)}` })],
  ['a customer of 3,000 characters', () => ({ target: `/api/customers/${'a'.repeat(3_000)}` })],
  [
    'a customer of 900 characters of three bytes',
    () => ({ target: `/api/customers/${'%E2%82%AC'.repeat(900)}` }),
  ],
  ['an escaped slash', () => ({ target: '/api/chats%2f..%2f' })],
  ['an escaped slash in a SID', () => ({ target: `/api/chats/${chatSid}%2f` })],
  ['dots', () => ({ target: '/api/../api/session' })],
  ['a second slash', () => ({ target: '/api//session' })],
  ['an unknown method', () => ({ method: 'DELETE', target: '/api/session' })],
  ['HEAD', () => ({ method: 'HEAD', target: '/api/session' })],
  ['OPTIONS', () => ({ method: 'OPTIONS', target: '/api/session' })],
  ['a limit that is not a number', () => customers('limit=ten')],
  ['a limit of zero', () => customers('limit=0')],
  ['a limit of 16 digits', () => customers('limit=1000000000000000')],
  ['a cursor that is not one', () => customers('cursor=%00')],
  ['an empty cursor', () => customers('cursor=')],
  ['a forged cursor', () => customers(`cursor=${cursor('a\tb')}.x`)],
  ['a search for nothing visible', () => customers('q=%CC%81%E2%80%8D')],
  ['a search for half a surrogate pair', () => customers('q=%ED%A0%80')],
  ['a repeated parameter', () => customers('q=a&q=b&limit=1&limit=2')],
  ['a parameter of every object', () => customers('__proto__=1&constructor=2&hasOwnProperty=3')],
  [
    'a list from an odd place',
    () => ({ target: `/api/chats?cursor=${cursor(`${':'.repeat(20)}#${'0'.repeat(34)}`)}` }),
  ],
  [
    'changes since the end of time',
    () => ({ target: '/api/chats?changedSince=%2B275760-09-13T00:00:00.000Z' }),
  ],
  ['changes since a text', () => ({ target: '/api/chats?changedSince=yesterday' })],
  [
    'a page of messages with a parameter of its own',
    () => ({ target: `/api/chats/${chatSid}/messages?cursor=${cursor('Foo=1')}` }),
  ],
  [
    'a page of messages that Twilio does not have',
    () => ({ target: `/api/chats/${chatSid}/messages?cursor=${cursor('Page=-1&PageToken=../..')}` }),
  ],
  ['a body that is a list', () => ({ ...POST, target: '/api/customers', body: '[]' })],
  ['a body that is null', () => ({ ...POST, target: '/api/live-tickets', body: 'null' })],
  [
    'a body that is deep',
    () => ({ ...POST, target: '/api/customers', body: `${'['.repeat(30_000)}${']'.repeat(30_000)}` }),
  ],
  ['a body that is too large', () => ({ ...POST, target: '/api/customers', body: 'x'.repeat(1_000_000) })],
  [
    'a form',
    () => ({
      method: 'POST',
      target: '/api/customers',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'name=x',
    }),
  ],
  [
    'bytes',
    () => ({
      method: 'POST',
      target: '/api/customers',
      headers: { 'content-type': 'image/png' },
      body: Buffer.from([0, 255, 254]),
    }),
  ],
  [
    'a number too large for a read index',
    () => ({ ...POST, target: `/api/chats/${chatSid}/read`, body: '{"index":1e300}' }),
  ],
  [
    'a huge name',
    () => ({
      ...POST,
      target: '/api/customers',
      body: JSON.stringify({ name: 'n'.repeat(60_000), sms: JANE, whatsapp: null }),
    }),
  ],
  [
    'a huge number',
    () => ({
      ...POST,
      target: '/api/customers',
      body: JSON.stringify({ name: 'n', sms: '1'.repeat(60_000), whatsapp: null }),
    }),
  ],
  [
    'a flood of headers',
    () => ({
      target: '/api/nothing',
      headers: Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`x-flood-${at}`, 'y'.repeat(20)])),
    }),
  ],
];

test.each(ODD)('%s is answered as JSON, and never with 500', async (_what, raw) => {
  const { status, headers, text } = await send(raw());
  expect(status).toBeLessThan(500);
  if (status >= 400 && raw().method !== 'HEAD')
    expect(v.parse(ErrorBody, JSON.parse(text)).message).not.toBe('');
  // API Gateway answers OPTIONS requests and adds CORS headers; a second one would void both.
  expect(headers.filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test('what was sent is not quoted in the error, nor in the log', async () => {
  const body = JSON.stringify({
    sendId: '00000000-0000-4000-8000-000000000001',
    content: 'Very private words',
  });
  const { status, text } = await send({ ...POST, target: `/api/chats/${chatSid}/messages`, body });
  expect(status).toBe(400);
  expect(text).not.toContain('private');
  await send({ ...POST, target: `/api/chats/${chatSid}/messages`, body: 'Very private words' });
  expect(inbox.log).not.toContain('private');
});

describe('a token', () => {
  const event = (authorizer: unknown) => ({
    rawPath: '/api/session',
    rawQueryString: '',
    requestContext: { http: { method: 'GET' }, authorizer },
  });
  const ask = async (given: unknown) => {
    const response: unknown = await Reflect.apply(handler, undefined, [
      given,
      lambdaContext('inbox-api', 20_000),
    ]);
    return v.parse(v.object({ statusCode: v.number() }), response).statusCode;
  };
  const sub = `sub-${ANA}`;

  test('counts if it is an access token', async () => {
    expect(await ask(event({ jwt: { claims: { sub, token_use: 'access' } } }))).toBe(200);
  });

  test.each([
    ['an ID token', { jwt: { claims: { sub, token_use: 'id' } } }],
    ['no use', { jwt: { claims: { sub } } }],
    ['no subject', { jwt: { claims: { token_use: 'access' } } }],
    ['a blank subject', { jwt: { claims: { sub: '', token_use: 'access' } } }],
    ['another authorizer’s', { lambda: { claims: { sub, token_use: 'access' } } }],
    ['nothing', undefined],
  ])('with %s is 401', async (_what, authorizer) => {
    expect(await ask(event(authorizer))).toBe(401);
  });

  test.each([null, 'text', {}, { requestContext: null }, []])('of an event like %j is 401', async (given) => {
    expect(await ask(given)).toBe(401);
  });

  test('in a header that the authorizer did not see is not read', async () => {
    const forged = Buffer.from(JSON.stringify({ sub, token_use: 'access' })).toString('base64url');
    const headers = { authorization: `Bearer e30.${forged}.`, 'x-amzn-oidc-identity': sub };
    expect(await ask({ ...event(undefined), headers })).toBe(401);
  });
});

test.each([
  ['A/12', '/api/customers/A%2F12'],
  ['A/12', '/api/customers/A/12'],
  ['50%', '/api/customers/50%25'],
  ['50%', '/api/customers/50%'],
])('the customer %s is found at %s, decoded by the gateway or not', async (id, rawPath) => {
  const claims = { sub: `sub-${ANA}`, token_use: 'access' };
  const requestContext = { http: { method: 'GET' }, authorizer: { jwt: { claims } } };
  for (const path of [rawPath, `${rawPath}/templates`]) {
    const event = { rawPath: path, rawQueryString: 'channel=sms', requestContext };
    const response: unknown = await Reflect.apply(handler, undefined, [
      event,
      lambdaContext('inbox-api', 20_000),
    ]);
    const { statusCode, body } = v.parse(v.object({ statusCode: v.number(), body: v.string() }), response);
    expect(statusCode).toBe(200);
    if (path === rawPath) expect(JSON.parse(body).id).toBe(id);
  }
});

test('an event without a path, method or body is answered', async () => {
  const claims = { sub: `sub-${ANA}`, token_use: 'access' };
  const authorizer = { jwt: { claims } };
  const odd = [
    { requestContext: { authorizer } },
    { requestContext: { authorizer, http: 'GET' }, rawPath: 7, body: null },
    { requestContext: { authorizer, http: { method: 'POST' } }, rawPath: '/api/live-tickets', body: null },
    {
      requestContext: { authorizer, http: { method: 'POST' } },
      rawPath: '/api/live-tickets',
      body: '%',
      isBase64Encoded: true,
    },
  ];
  const statuses = [];
  for (const given of odd) {
    const response: unknown = await Reflect.apply(handler, undefined, [
      given,
      lambdaContext('inbox-api', 20_000),
    ]);
    statuses.push(v.parse(v.object({ statusCode: v.number() }), response).statusCode);
  }
  expect(statuses).toEqual([404, 404, 200, 200]);
});
