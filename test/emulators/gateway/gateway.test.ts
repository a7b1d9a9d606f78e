import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Listening } from '../../../emulators/core/http-server';
import { startGateway } from '../../../emulators/gateway/gateway';

const CRM = 'POST /callbacks/crm';
let gateway: Listening;
let calls: { readonly event: APIGatewayProxyEventV2; readonly context: Context }[];
let log: string[];
/** The function behind the gateway, after it has recorded the call. */
let run: () => unknown;

beforeAll(async () => {
  const handler = (event: APIGatewayProxyEventV2, context: Context) => {
    calls.push({ event, context });
    return run();
  };
  gateway = await startGateway({
    routes: { [CRM]: { name: 'crm', timeoutMilliseconds: 100, handler } },
    now: () => new Date('2024-03-09T17:03:58.390Z'),
    log: (line) => log.push(line),
  });
});
beforeEach(() => {
  calls = [];
  log = [];
  run = () => ({ statusCode: 204 });
});
afterAll(() => gateway.close());

const post = (init: RequestInit = {}) => fetch(`${gateway.url}/callbacks/crm`, { method: 'POST', ...init });

/** Posts a form with headers and target verbatim. */
function postForm(target: string, headers: string[], body: string) {
  return new Promise<void>((resolve, reject) => {
    const options = { method: 'POST', path: target, headers, joinDuplicateHeaders: true };
    const request = httpRequest(gateway.url, options);
    request.on('error', reject);
    request.on('response', (response) => {
      text(response).then(() => resolve(), reject);
    });
    request.end(body);
  });
}

describe('the event', () => {
  test('has the shape of payload format 2.0', async () => {
    const host = gateway.url.replace('http://', '');
    const form = 'Location=GetCustomersList&Worker=john%40example.com&Query=Jos%C3%A9+%26+Co';

    await postForm(
      '/callbacks/crm?env=prod&tag=a&tag=b%20c',
      [
        ...['Host', host],
        ...['Content-Type', 'application/x-www-form-urlencoded; charset=UTF-8'],
        ...['Content-Length', String(form.length)],
        ...['User-Agent', 'TwilioProxy/1.1'],
        ...['X-Twilio-Signature', 'abc='],
        ...['X-Twice', 'one'],
        ...['X-Twice', 'two'],
        ...['Cookie', 'a=1; b=2'],
      ],
      form,
    );

    expect(calls).toHaveLength(1);
    expect(calls[0]?.event).toEqual({
      version: '2.0',
      routeKey: CRM,
      rawPath: '/callbacks/crm',
      rawQueryString: 'env=prod&tag=a&tag=b%20c',
      cookies: ['a=1', 'b=2'],
      headers: {
        'content-length': String(form.length),
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        connection: expect.any(String),
        host,
        'user-agent': 'TwilioProxy/1.1',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': host.split(':')[1],
        'x-forwarded-proto': 'http',
        'x-twice': 'one,two',
        'x-twilio-signature': 'abc=',
      },
      queryStringParameters: { env: 'prod', tag: 'a,b c' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: '127.0.0.1',
        domainPrefix: '127',
        http: {
          method: 'POST',
          path: '/callbacks/crm',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'TwilioProxy/1.1',
        },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        routeKey: CRM,
        stage: '$default',
        time: '09/Mar/2024:17:03:58 +0000',
        timeEpoch: 1710003838390,
      },
      body: Buffer.from(form).toString('base64'),
      isBase64Encoded: true,
    });
  });

  test.each(['application/json; charset=utf-8', 'text/plain', 'application/vnd.api+json'])(
    'carries a body of %s as text',
    async (contentType) => {
      await post({ headers: { 'content-type': contentType }, body: '{"name":"José"}' });

      expect(calls).toMatchObject([{ event: { body: '{"name":"José"}', isBase64Encoded: false } }]);
    },
  );

  test('omits the parts that the request lacks', async () => {
    await post();

    expect(calls[0]?.event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
    for (const absent of ['body', 'cookies', 'queryStringParameters'])
      expect(calls[0]?.event).not.toHaveProperty(absent);
  });
});

test('the context has the function name, a request id and the remaining time', async () => {
  await post();
  await post();

  const [first, second] = calls.map(({ context }) => context);
  expect(first?.functionName).toBe('crm');
  expect(first?.awsRequestId).not.toBe(second?.awsRequestId);
  expect(first?.getRemainingTimeInMillis()).toBeLessThanOrEqual(100);
});

describe('the response', () => {
  test('is the result of the function, with each cookie in its own header', async () => {
    run = () => ({
      statusCode: 403,
      headers: { 'Content-Type': 'application/json', 'X-Count': 2, 'X-Flag': true },
      cookies: ['a=1; HttpOnly', 'b=2'],
      body: '{"no":"José"}',
    });

    const response = await post();

    expect(response.status).toBe(403);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'x-count': '2',
      'x-flag': 'true',
    });
    expect(response.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2']);
    expect(await response.text()).toBe('{"no":"José"}');
  });

  test('has the bytes of a base64 body', async () => {
    run = () => ({ statusCode: 200, body: 'AP8H', isBase64Encoded: true });

    expect([...new Uint8Array(await (await post()).arrayBuffer())]).toEqual([0, 255, 7]);
  });

  test.each([
    ['an object', { a: 1 }, '{"a":1}'],
    ['a text', 'Hello', 'Hello'],
    ['nothing', undefined, ''],
  ])('is a 200 with JSON if the function returns %s without a status', async (_what, result, body) => {
    run = () => result;

    const response = await post();

    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await response.text()).toBe(body);
  });

  test.each<[string, () => unknown, number, string]>([
    ['returns a body that is not text', () => ({ statusCode: 200, body: { a: 1 } }), 500, 'invalid HTTP'],
    ['returns an invalid status', () => ({ statusCode: 'fine' }), 500, 'invalid HTTP'],
    ['returns nested headers', () => ({ statusCode: 200, headers: { a: {} } }), 500, 'invalid HTTP'],
    ['throws', () => Promise.reject(new Error('secret reason')), 500, 'secret reason'],
    ['does not end', () => new Promise(() => {}), 503, 'timed out'],
  ])(
    'is an error if the function %s, and only the log has the reason',
    async (_what, result, status, line) => {
      run = result;

      const response = await post();

      expect(response.status).toBe(status);
      const message = status === 500 ? 'Internal Server Error' : 'Service Unavailable';
      expect(await response.text()).toBe(JSON.stringify({ message }));
      expect(log).toEqual([expect.stringContaining(line)]);
    },
  );
});

test.each([
  ['GET', '/callbacks/crm'],
  ['POST', '/callbacks/crm/'],
  ['POST', '/callbacks/CRM'],
  ['POST', '/callbacks'],
  ['POST', '/callbacks/__proto__'],
])('%s %s is not found and calls no function', async (method, path) => {
  const response = await fetch(gateway.url + path, { method });

  expect(response.status).toBe(404);
  expect(await response.text()).toBe('{"message":"Not Found"}');
  expect(calls).toEqual([]);
});

test('a body over 10 MB is rejected before the function', async () => {
  expect((await post({ body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(413);
  expect(calls).toEqual([]);
});
