import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { type Listening, listen } from '../../../emulators/core/http-server';
import { DEMO_CREDENTIALS } from '../../../emulators/seed/demo-credentials';
import { Command } from '../start/child-process';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

let directory: string;
let receiver: Listening;
let received: Received[];
let answer: { status: number; body: string };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-'));
  received = [];
  answer = { status: 200, body: '{"objects":{"customers":[]}}' };
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    received.push({ path: request.url ?? '', headers: request.headers, form });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  receiver = await listen(server, 0);
});
afterEach(async () => {
  await receiver.close();
  await rm(directory, { recursive: true });
});

function callback(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const port = new URL(receiver.url).port;
  return new Command('callback', words, { directory, environment: { PORT: port, ...environment } }).ended;
}

function only(): Received {
  const [one, ...others] = received;
  if (one === undefined || others.length > 0) throw new Error(`${received.length} requests instead of one`);
  return one;
}

const parameters = () => Object.fromEntries(only().form);

function isSigned(token: string, base = receiver.url.replace('127.0.0.1', 'localhost')): boolean {
  const { headers, path, form } = only();
  const names = [...new Set(form.keys())];
  const values = names.map((name) => [name, [...form.getAll(name)]]);
  return validateRequest(
    token,
    String(headers['x-twilio-signature']),
    base + path,
    Object.fromEntries(values),
  );
}

describe('the request', () => {
  test('is a signed form as Twilio sends it', async () => {
    await callback(['GetCustomersList', 'Worker=bashir@example.com', 'Query=José & Co']);

    expect(only().path).toBe('/callbacks/crm');
    expect(only().headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      'i-twilio-idempotency-token': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(parameters()).toEqual({
      Location: 'GetCustomersList',
      Worker: 'bashir@example.com',
      PageSize: '30',
      Query: 'José & Co',
    });
    expect(isSigned(DEMO_CREDENTIALS.authToken)).toBe(true);
    expect(isSigned('another token')).toBe(false);
  });

  test('is signed with --token, else with the token of the environment, else with that of .env', async () => {
    await writeFile(join(directory, '.env'), 'AUTH_TOKEN=from-file\n');

    await callback(['GetCustomersList']);
    expect(isSigned('from-file')).toBe(true);

    received.length = 0;
    await callback(['GetCustomersList'], { AUTH_TOKEN: 'from-environment' });
    expect(isSigned('from-environment')).toBe(true);

    received.length = 0;
    await callback(['GetCustomersList', '--token', 'typed'], { AUTH_TOKEN: 'from-environment' });
    expect(isSigned('typed')).toBe(true);
  });

  test('has no signature with --unsigned', async () => {
    await callback(['GetCustomersList', '--unsigned']);

    expect(only().headers).not.toHaveProperty('x-twilio-signature');
  });

  test('goes to --url, which may be a callback URL, and is signed for --public-url', async () => {
    await callback([
      'routing',
      ...['--url', `${receiver.url}/callbacks/crm/`],
      ...['--public-url', 'https://frontline.example.com/base'],
    ]);

    expect(only().path).toBe('/callbacks/routing');
    expect(isSigned(DEMO_CREDENTIALS.authToken, 'https://frontline.example.com/base')).toBe(true);
  });

  test('accepts any parameter, which replaces the default and may repeat', async () => {
    await callback(['onUserAdded', 'UserSid=US1=2', 'Media=b', 'Media=a', 'AccountSid=ACother']);

    expect(only().form.getAll('Media')).toEqual(['b', 'a']);
    expect(parameters()).toMatchObject({ EventType: 'onUserAdded', UserSid: 'US1=2', AccountSid: 'ACother' });
    expect(only().form.getAll('AccountSid')).toHaveLength(1);
    expect(isSigned(DEMO_CREDENTIALS.authToken)).toBe(true);
  });
});

describe('the output', () => {
  test('is the status, the time and the formatted JSON; the exit status is 0', async () => {
    const { status, stdout } = await callback(['GetCustomersList']);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^POST http:\/\/localhost:\d+\/callbacks\/crm\n200 in \d+ ms\n/);
    expect(stdout).toContain('{\n  "objects": {\n    "customers": []\n  }\n}');
  });

  test('is JSON with --json', async () => {
    const { stdout } = await callback(['GetCustomersList', '--json']);

    expect(JSON.parse(stdout)).toMatchObject({ status: 200, body: { objects: { customers: [] } } });
  });

  test('includes a rejection, and the exit status is 1', async () => {
    answer = { status: 503, body: 'not JSON' };

    const { status, stdout } = await callback(['GetCustomersList']);

    expect(status).toBe(1);
    expect(stdout).toMatch(/503 in \d+ ms\nnot JSON\n/);
  });

  test('is the fix if the connection is refused', async () => {
    await receiver.close();

    const { status, stderr } = await callback(['GetCustomersList']);

    expect(status).toBe(1);
    expect(stderr).toMatch(/^No response from .* npm start\n$/);
  });

  test('is the help text with --help', async () => {
    const { status, stdout } = await callback(['--help']);

    expect(status).toBe(0);
    for (const word of ['GetCustomersList', 'routing', 'onMessageAdd', 'CustomerId', '--unsigned']) {
      expect(stdout).toContain(word);
    }
  });
});

test.each([
  ['an unknown callback', ['getcustomerslist'], 'Did you mean GetCustomersList?'],
  ['an unknown option', ['routing', '--unsined'], 'Did you mean --unsigned?'],
  ['no callback', [], "missing required argument 'name'"],
  ['an invalid URL', ['routing', '--url', 'localhost'], '--url'],
  [
    'another machine and no token',
    ['GetCustomersList', 'Worker=x', '--url', 'https://frontline.example.com'],
    'AUTH_TOKEN',
  ],
])('%s is rejected with exit status 2 and a hint, and nothing is sent', async (_what, words, hint) => {
  const { status, stderr } = await callback(words);

  expect(status).toBe(2);
  expect(stderr).toContain(hint);
  expect(stderr).toContain('--help');
  expect(stderr).not.toContain('    at ');
  expect(received).toEqual([]);
});

test('an invalid PORT is rejected', async () => {
  const { status, stderr } = await callback(['routing'], { PORT: 'five' });

  expect(status).toBe(1);
  expect(stderr).toContain('PORT is five');
});
