import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import * as v from 'valibot';
import { startAirtable } from '../../../local/airtable/airtable-stand-in';
import { listen } from '../../../local/gateway/listening';
import { DEMONSTRATION } from '../../../local/settings/demonstration';
import { teamBase } from '../../../local/team/base';
import { startTwilio } from '../../../local/twilio/twilio-stand-in';
import { Command } from './child-process';

// Every test starts processes, which takes its time on a busy machine.
jest.setTimeout(60_000);

const Inbound = v.looseObject({
  webhooks: v.array(v.object({ event: v.string(), status: v.nullable(v.number()) })),
  conversation: v.looseObject({ participants: v.array(v.unknown()) }),
});

let directory: string;
const commands: Command[] = [];
const servers: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-'));
});
afterEach(async () => {
  await Promise.all(commands.splice(0).map((command) => command.kill()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await rm(directory, { recursive: true });
});

function run(script: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}): Command {
  const command = new Command(script, words, { directory, environment: { PORT: '0', ...environment } });
  commands.push(command);
  return command;
}

const start = (words: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) =>
  run('start.ts', words, environment);

/** Where it listens, once it does. */
async function addressOf(started: Command): Promise<string> {
  const [, url = ''] = await started.says(/(http:\/\/localhost:\d+)\/callbacks\/crm/);
  await started.says(/To try next/);
  return url;
}

async function callback(url: string, ...words: readonly string[]) {
  const { status, stdout } = await run('callback.ts', [...words, '--url', url]).ended;
  return { status, stdout };
}

async function stop(started: Command, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  started.signal(signal);
  const { status, stderr } = await started.ended;
  expect(stderr).toBe('');
  expect(status).toBe(0);
}

const Page = v.object({
  customers: v.array(v.object({ customer_id: v.string() })),
  next_page_token: v.optional(v.string()),
});

async function askForPage(url: string, token: string | undefined) {
  const parameters = {
    Location: 'GetCustomersList',
    Worker: 'ana@example.com',
    PageSize: '10',
    ...(token !== undefined && { NextPageToken: token }),
  };
  const signature = getExpectedTwilioSignature(DEMONSTRATION.authToken, url, parameters);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(parameters),
  });
  return v.parse(v.object({ objects: Page }), await answer.json()).objects;
}

describe('npm start', () => {
  test('answers a signed callback, refuses an unsigned one, logs JSON lines, and ends when it is told to', async () => {
    const started = start();
    const url = await addressOf(started);

    const list = await callback(url, 'GetCustomersList', '--query', "O'Brien");
    const unsigned = await callback(url, 'GetCustomersList', '--unsigned');
    const [line = ''] = await started.says(/^\{"level":"INFO".*\}$/m);
    await stop(started);

    expect(list.status).toBe(0);
    expect(list.stdout).toContain('"display_name": "Miles O\'Brien"');
    expect(unsigned.status).toBe(1);
    expect(unsigned.stdout).toMatch(/^403 in /m);
    expect(JSON.parse(line)).toMatchObject({ callback: 'crm', status: 200, worker: 'ana@example.com' });
  });

  test('shows the callbacks, the stand-ins, the workers, the file and what to try', async () => {
    const started = start();
    const url = await addressOf(started);
    await stop(started, 'SIGINT');
    const { stdout } = await started.ended;

    for (const callback of ['crm', 'outgoing-conversation', 'routing', 'templates', 'twilio-conversations']) {
      expect(stdout).toContain(`${url}/callbacks/${callback}\n`);
    }
    expect(stdout).toMatch(/Airtable +http.*\n +Twilio +http.*\n +Secrets Manager +http/);
    expect(stdout).toMatch(/greta@example\.com .*deactivated/);
    expect(stdout).toContain(join(directory, '.frontline', 'base.json'));
    expect(stdout.match(/^ {4}(npm run callback|curl) /gm)).toHaveLength(3);
  });

  test('brings a message of a customer to the worker whose customer it is', async () => {
    const started = start();
    await addressOf(started);
    const [, twilio = ''] = await started.says(/Twilio +(http:\S+)/);

    const answer = await fetch(`${twilio}/simulate/inbound`, {
      method: 'POST',
      body: new URLSearchParams({ From: '+16285550101', Body: 'Hello' }),
    });
    const outcome = v.parse(Inbound, await answer.json());
    await stop(started);

    expect(outcome).toMatchObject({
      accepted: true,
      autocreated: true,
      conversation: { friendly_name: "Miles O'Brien", problems: [] },
    });
    for (const event of ['onConversationAdd', 'onParticipantAdded', 'routing', 'onMessageAdded']) {
      expect(outcome.webhooks).toContainEqual({ event, status: 200 });
    }
    expect(outcome.conversation.participants).toContainEqual(
      expect.objectContaining({ identity: 'ana@example.com' }),
    );
  });

  test('answers every page of a long list, one right after the other', async () => {
    const started = start();
    const url = await addressOf(started);

    const customers: string[] = [];
    let token: string | undefined;
    do {
      const page = await askForPage(`${url}/callbacks/crm`, token);
      customers.push(...page.customers.map(({ customer_id }) => customer_id));
      token = page.next_page_token;
    } while (token !== undefined);
    await stop(started);

    expect(customers.length).toBeGreaterThan(150);
    expect(new Set(customers).size).toBe(customers.length);
  });

  test('has tomorrow what was changed today, until it is reset', async () => {
    const find = async (url: string) =>
      (await callback(url, 'GetCustomersList', '--query', 'Jane Roe')).stdout.includes(
        '"display_name": "Jane Roe"',
      );

    const today = start();
    const created = await callback(await addressOf(today), 'CreateCustomer');
    await today.kill();
    const tomorrow = start();
    const foundTomorrow = await find(await addressOf(tomorrow));
    await stop(tomorrow);
    const again = start(['--reset']);
    const foundAfterReset = await find(await addressOf(again));
    await stop(again);

    expect(created.status).toBe(0);
    expect(foundTomorrow).toBe(true);
    expect(foundAfterReset).toBe(false);
  });

  test('speaks with the account of .env, and never for the real service that .env is about', async () => {
    const settings = {
      ACCOUNT_SID: `AC${'1'.repeat(32)}`,
      AUTH_TOKEN: 'of-this-account',
      AIRTABLE_BASE_ID: 'appReal',
      AIRTABLE_TEMPLATES_VIEW: 'A view of the real base',
      PUBLIC_BASE_URL: 'https://frontline.example.com',
      TWILIO_SMS_NUMBER: '+15017122661',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    await writeFile(join(directory, '.env'), lines.join('\n'));

    const started = start();
    const url = await addressOf(started);
    const proxy = await callback(url, 'GetProxyAddress');
    const templates = await callback(url, 'GetTemplatesByCustomerId');
    const foreign = await callback(url, 'GetProxyAddress', '--token', 'another');
    await stop(started);

    expect(proxy.stdout).toContain('"proxy_address": "+15017122661"');
    expect(templates.status).toBe(0);
    expect(foreign.stdout).toMatch(/^403 in /m);
  });

  test('ends, and lets its ports go, when npm and the shell that npm starts it in are told to end', async () => {
    const environment = { PORT: '0', npm_lifecycle_event: 'start' };
    const started = new Command('start.ts', [], { directory, environment, inShell: true });
    commands.push(started);
    const url = await addressOf(started);

    started.signal('SIGTERM');
    await started.ended;

    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('names a broken base file, says how to begin again, and leaves it alone', async () => {
    const path = join(directory, '.frontline', 'base.json');
    await mkdir(join(directory, '.frontline'));
    await writeFile(path, '{"id":"app');

    const { status, stderr } = await start().ended;

    expect(status).toBe(1);
    expect(stderr).toContain(path);
    expect(stderr).toContain('npm start -- --reset');
    expect(stderr).not.toContain('    at ');
    expect(await readFile(path, 'utf8')).toBe('{"id":"app');
  });

  test('names the port that is taken, and does not touch the base', async () => {
    const taken = await listen(createServer(), 0);
    servers.push(taken);
    const port = Number(new URL(taken.url).port);

    const { status, stderr } = await start(['--reset'], { PORT: String(port - 1) }).ended;

    expect(status).toBe(1);
    expect(stderr).toContain('PORT=');
    expect(stderr).toMatch(new RegExp(`Port (${port - 1}|${port}|${port + 1}|${port + 2}) is taken`));
    await expect(readFile(join(directory, '.frontline', 'base.json'))).rejects.toThrow('ENOENT');
  });

  test.each([
    [['--rest'], "Unknown option '--rest'"],
    [['--live', '--reset'], 'a real base is never reset'],
  ])('refuses %j with exit status 2', async (words, hint) => {
    const { status, stderr } = await start(words).ended;

    expect(status).toBe(2);
    expect(stderr).toContain(hint);
  });
});

describe('npm start -- --live', () => {
  test('names every setting that is missing, at once', async () => {
    const { status, stderr } = await start(['--live'], { TWILIO_WHATSAPP_NUMBER: 'none' }).ended;

    expect(status).toBe(1);
    for (const name of [
      'ACCOUNT_SID',
      'AUTH_TOKEN',
      'AIRTABLE_API_KEY',
      'AIRTABLE_BASE_ID',
      'TWILIO_SMS_NUMBER',
    ]) {
      expect(stderr).toContain(`${name} is missing`);
    }
    expect(stderr).toContain('TWILIO_WHATSAPP_NUMBER is malformed');
  });

  test('uses the Airtable and the Twilio that are configured, and believes what is signed for the tunnel', async () => {
    const base = teamBase();
    const airtable = await startAirtable({ base, tokens: [{ token: 'patLive' }] });
    servers.push(airtable);
    const account = { accountSid: `AC${'2'.repeat(32)}`, authToken: 'live-token' };
    const twilio = await startTwilio({ ...account, users: [{ identity: 'ana@example.com' }] });
    servers.push(twilio);
    const conversation = twilio.createConversation();
    const settings = {
      ACCOUNT_SID: account.accountSid,
      AUTH_TOKEN: account.authToken,
      AIRTABLE_API_KEY: 'patLive',
      AIRTABLE_BASE_ID: base.id,
      TWILIO_SMS_NUMBER: '+15017122661',
      PUBLIC_BASE_URL: 'https://tunnel.example.com',
      AIRTABLE_ENDPOINT_URL: airtable.url,
      TWILIO_API_URL: twilio.url,
    };

    const started = start(['--live'], settings);
    const [, url = ''] = await started.says(/has to lead to (\S+)/);
    const words = ['--token', account.authToken, '--url', url, '--public-url', settings.PUBLIC_BASE_URL];
    const routing = await run('callback.ts', [
      'routing',
      ...words,
      '--conversation-sid',
      conversation.sid,
      '--chat-service-sid',
      twilio.conversationServiceSid,
    ]).ended;
    const unknownUrl = await run('callback.ts', ['routing', '--token', account.authToken, '--url', url])
      .ended;
    await stop(started);

    expect(routing.stdout).toMatch(/^200 in /m);
    expect(twilio.participants(conversation.sid).map(({ identity }) => identity)).toContain(
      'ana@example.com',
    );
    expect(airtable.requests.length).toBeGreaterThan(0);
    expect(unknownUrl.stdout).toMatch(/^403 in /m);
    expect(unknownUrl.stderr).toContain('--public-url');
  });
});
