import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Listening } from '../../../emulators/core/listen';
import { startGateway } from '../../../emulators/gateway/gateway';

const CRM = 'POST /callbacks/crm';
const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
});

async function gatewayWith(
  handler: (event: APIGatewayProxyEventV2, context: Context) => unknown,
  timeoutMilliseconds = 10_000,
) {
  const log: string[] = [];
  const gateway = await startGateway({
    routes: { [CRM]: { name: 'crm', timeoutMilliseconds, handler } },
    now: () => new Date('2024-03-09T17:03:58.390Z'),
    log: (line) => log.push(line),
  });
  open.push(gateway);
  return { url: gateway.url, log };
}

/** A gateway whose function records its events and contexts. */
async function recordingGateway() {
  const calls: { readonly event: APIGatewayProxyEventV2; readonly context: Context }[] = [];
  const { url } = await gatewayWith((event, context) => {
    calls.push({ event, context });
    return { statusCode: 204 };
  });
  return {
    url,
    only: () => {
      const [call, ...others] = calls;
      if (call === undefined || others.length > 0) throw new Error(`${calls.length} calls instead of one`);
      return call;
    },
    calls,
  };
}

/** A request that sends headers and target verbatim. */
function send(url: string, target: string, headers: string[], body: string | Buffer = '') {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', path: target, headers, joinDuplicateHeaders: true });
    request.on('error', reject);
    request.on('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
    request.end(body);
  });
}

describe('the event', () => {
  test('has the shape of payload format 2.0', async () => {
    const gateway = await recordingGateway();
    const host = gateway.url.replace('http://', '');
    const form = 'Location=GetCustomersList&Worker=john%40example.com&Query=Jos%C3%A9+%26+Co';

    await send(
      gateway.url,
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

    const port = host.split(':')[1];
    expect(gateway.only().event).toEqual({
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
        'x-forwarded-port': port,
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

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'application/vnd.api+json',
  ])('carries a body of %s as text', async (contentType) => {
    const gateway = await recordingGateway();

    await fetch(`${gateway.url}/callbacks/crm`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: '{"name":"José"}',
    });

    expect(gateway.only().event).toMatchObject({ body: '{"name":"José"}', isBase64Encoded: false });
  });

  test('omits the parts that the request lacks', async () => {
    const gateway = await recordingGateway();

    await fetch(`${gateway.url}/callbacks/crm`, { method: 'POST' });

    const { event } = gateway.only();
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
    for (const absent of ['body', 'cookies', 'queryStringParameters'])
      expect(event).not.toHaveProperty(absent);
  });

  test('reaches the function with a body far over our own limit of 64 kB', async () => {
    const gateway = await recordingGateway();

    await fetch(`${gateway.url}/callbacks/crm`, { method: 'POST', body: 'a'.repeat(200_000) });

    expect(gateway.only().event.body).toHaveLength(200_000);
  });
});

test('the context has the function name, a request id and the remaining time', async () => {
  const gateway = await recordingGateway();

  await fetch(`${gateway.url}/callbacks/crm`, { method: 'POST' });
  await fetch(`${gateway.url}/callbacks/crm`, { method: 'POST' });

  const [first, second] = gateway.calls.map(({ context }) => context);
  expect(first?.functionName).toBe('crm');
  expect(first?.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(first?.awsRequestId).not.toBe(second?.awsRequestId);
  const left = first?.getRemainingTimeInMillis();
  expect(left).toBeGreaterThanOrEqual(0);
  expect(left).toBeLessThanOrEqual(10_000);
});

describe('the response', () => {
  const ask = async (result: unknown) => {
    const { url } = await gatewayWith(() => result);
    return fetch(`${url}/callbacks/crm`, { method: 'POST' });
  };

  test('is the result of the function, with each cookie in its own header', async () => {
    const response = await ask({
      statusCode: 403,
      headers: { 'Content-Type': 'application/json', 'X-Count': 2, 'X-Flag': true },
      cookies: ['a=1; HttpOnly', 'b=2'],
      body: '{"no":"José"}',
    });

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
    const response = await ask({
      statusCode: 200,
      body: Buffer.from([0, 255, 7]).toString('base64'),
      isBase64Encoded: true,
    });

    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 7]);
  });

  test.each([
    ['an object', { a: 1 }, '{"a":1}'],
    ['an array', [1], '[1]'],
    ['a text', 'Hello', 'Hello'],
    ['nothing', undefined, ''],
  ])('is a 200 with JSON if the function returns %s without a status', async (_what, result, body) => {
    const response = await ask(result);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  test.each([
    ['a body that is not text', { statusCode: 200, body: { a: 1 } }],
    ['an invalid status', { statusCode: 'fine' }],
    ['nested headers', { statusCode: 200, headers: { a: { b: 1 } } }],
  ])('is a 500 if the function returns %s', async (_what, result) => {
    const response = await ask(result);

    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
  });

  test('is a 500 if the function throws, and only the log has the reason', async () => {
    const { url, log } = await gatewayWith(() => {
      throw new Error('secret reason');
    });

    const response = await fetch(`${url}/callbacks/crm`, { method: 'POST' });

    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
    expect(log).toEqual([expect.stringContaining('secret reason')]);
  });

  test('is a 503 if the function does not end', async () => {
    const { url, log } = await gatewayWith(() => new Promise(() => {}), 20);

    const response = await fetch(`${url}/callbacks/crm`, { method: 'POST' });

    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: 'Service Unavailable' });
    expect(log).toEqual([expect.stringContaining('timed out')]);
  });
});

test.each([
  ['GET', '/callbacks/crm'],
  ['PUT', '/callbacks/crm'],
  ['POST', '/callbacks/crm/'],
  ['POST', '/callbacks/CRM'],
  ['POST', '/callbacks'],
  ['POST', '/callbacks/__proto__'],
  ['POST', '/'],
])('%s %s is not found and calls no function', async (method, path) => {
  const gateway = await recordingGateway();

  const response = await fetch(gateway.url + path, { method });

  expect(response.status).toBe(404);
  expect(await response.text()).toBe('{"message":"Not Found"}');
  expect(gateway.calls).toEqual([]);
});

test('a body over 10 MB is rejected before the function', async () => {
  const gateway = await recordingGateway();

  const response = await fetch(`${gateway.url}/callbacks/crm`, {
    method: 'POST',
    body: Buffer.alloc(10 * 1024 * 1024 + 1),
  });

  expect(response.status).toBe(413);
  expect(gateway.calls).toEqual([]);
});
