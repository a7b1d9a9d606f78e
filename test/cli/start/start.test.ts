import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import * as v from 'valibot';
import { listen } from '../../../emulators/core/listen';
import {
  addressOf,
  askForPage,
  callback,
  closedAfterTest,
  projectDirectory,
  run,
  start,
  stop,
} from './started';

// Every test starts processes, which is slow on a busy machine.
jest.setTimeout(60_000);

const Inbound = v.looseObject({
  webhooks: v.array(v.object({ event: v.string(), status: v.nullable(v.number()) })),
  conversation: v.looseObject({ participants: v.array(v.looseObject({ identity: v.nullable(v.string()) })) }),
});

/** A customer writes. @param twilio the emulator's URL */
async function receive(twilio: string) {
  const answer = await fetch(`${twilio}/simulate/inbound`, {
    method: 'POST',
    body: new URLSearchParams({ From: '+16285550101', Body: 'Hello' }),
  });
  return v.parse(Inbound, await answer.json());
}

describe('npm start', () => {
  test('responds to a signed callback, rejects an unsigned one, logs JSON lines, and ends on a signal', async () => {
    const started = start();
    const url = await addressOf(started);

    const list = await callback(url, 'GetCustomersList', "Query=O'Brien");
    const unsigned = await callback(url, 'GetCustomersList', '--unsigned');
    const [line = ''] = await started.message(/^\{"level":"INFO".*"callback":.*\}$/m);
    await stop(started);

    expect(list.status).toBe(0);
    expect(list.stdout).toContain('"display_name": "Miles O\'Brien"');
    expect(unsigned.status).toBe(1);
    expect(unsigned.stdout).toMatch(/^403 in /m);
    expect(JSON.parse(line)).toMatchObject({ callback: 'crm', status: 200, worker: 'ana@example.com' });
  });

  test('shows the callbacks, the emulators, the workers, the file and example commands', async () => {
    const started = start();
    const url = await addressOf(started);
    await stop(started, 'SIGINT');
    const { stdout } = await started.ended;

    for (const callback of ['crm', 'outgoing-conversation', 'routing', 'templates', 'twilio-conversations']) {
      expect(stdout).toContain(`${url}/callbacks/${callback}\n`);
    }
    expect(stdout).toMatch(
      /Airtable +http.*\n +Twilio +http.*\n +Secrets Manager +http.*\n +DynamoDB +http.*\n +Lambda +http/,
    );
    expect(stdout).not.toMatch(/http:\/\/(?!127\.0\.0\.1|localhost)/);
    expect(stdout).toMatch(/greta@example\.com .*deactivated/);
    expect(stdout).toContain(join(projectDirectory(), '.frontline', 'base.json'));
    expect(stdout.match(/^ {4}(npx frontline callback|curl) /gm)).toHaveLength(3);
  });

  test("routes a customer's message to their worker", async () => {
    const started = start();
    await addressOf(started);
    const [, twilio = ''] = await started.message(/Twilio +(http:\S+)/);

    const outcome = await receive(twilio);
    // The inbox gives the chat its worker, after Twilio was answered.
    let later = outcome;
    while (!later.conversation.participants.some(({ identity }) => identity !== null)) {
      later = await receive(twilio);
    }
    await stop(started);

    expect(outcome).toMatchObject({
      accepted: true,
      autocreated: true,
      conversation: { friendly_name: "Miles O'Brien", problems: [] },
    });
    for (const event of ['onConversationAdd', 'onParticipantAdded', 'onMessageAdded']) {
      expect(outcome.webhooks).toContainEqual({ event, status: 200 });
    }
    expect(later.conversation.participants).toContainEqual(
      expect.objectContaining({ identity: 'ana@example.com' }),
    );
  });

  test('serves every page of a long list, one right after the other', async () => {
    const started = start();
    const url = await addressOf(started);

    const customers: string[] = [];
    let token: string | undefined;
    do {
      const page = await askForPage(url, token === undefined ? {} : { NextPageToken: token });
      customers.push(...page.customers.map(({ customer_id }) => customer_id));
      token = page.next_page_token;
    } while (token !== undefined);
    await stop(started);

    expect(customers.length).toBeGreaterThan(150);
    expect(new Set(customers).size).toBe(customers.length);
  });

  test('keeps changes for the next start, until it is reset', async () => {
    const find = async (url: string) =>
      (await callback(url, 'GetCustomersList', 'Query=Jane Roe')).stdout.includes(
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

  test('uses the account of .env, warns of malformed settings, and never uses the real service of .env', async () => {
    const settings = {
      ACCOUNT_SID: `AC${'1'.repeat(32)}`,
      AUTH_TOKEN: 'of-this-account',
      AIRTABLE_BASE_ID: 'appReal',
      AIRTABLE_TEMPLATES_VIEW: 'A view of the real base',
      PUBLIC_BASE_URL: 'https://frontline.example.com',
      TWILIO_SMS_NUMBER: '+15017122661',
      TWILIO_WHATSAPP_NUMBER: '415 555 1234',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    await writeFile(join(projectDirectory(), '.env'), lines.join('\n'));

    const started = start();
    await started.message(/TWILIO_WHATSAPP_NUMBER is malformed/);
    const url = await addressOf(started);
    const proxy = await callback(url, 'GetProxyAddress');
    const templates = await callback(url, 'GetTemplatesByCustomerId');
    const foreign = await callback(url, 'GetProxyAddress', '--token', 'another');
    await stop(started);

    expect(proxy.stdout).toContain('"proxy_address": "+15017122661"');
    expect(templates.status).toBe(0);
    expect(foreign.stdout).toMatch(/^403 in /m);
  });

  test('ends, and releases its ports, when npm and its shell get a signal', async () => {
    const started = run('start', [], { npm_lifecycle_event: 'start' }, true);
    const url = await addressOf(started);

    started.signal('SIGTERM');
    await started.ended;

    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('names a broken base file, says how to reset it, and does not change it', async () => {
    const path = join(projectDirectory(), '.frontline', 'base.json');
    await mkdir(join(projectDirectory(), '.frontline'));
    await writeFile(path, '{"id":"app');

    const { status, stderr } = await start().ended;

    expect(status).toBe(1);
    expect(stderr).toContain(path);
    expect(stderr).toContain('npm start -- --reset');
    expect(stderr).not.toContain('    at ');
    expect(await readFile(path, 'utf8')).toBe('{"id":"app');
  });

  test('names the port in use, and does not change the base', async () => {
    const taken = closedAfterTest(await listen(createServer(), 0));
    const port = Number(new URL(taken.url).port);

    const { status, stderr } = await start(['--reset'], { PORT: String(port - 1) }).ended;

    expect(status).toBe(1);
    expect(stderr).toContain('PORT=');
    expect(stderr).toMatch(
      new RegExp(`Port (${port - 1}|${port}|${port + 1}|${port + 2}|${port + 3}|${port + 4}),`),
    );
    await expect(readFile(join(projectDirectory(), '.frontline', 'base.json'))).rejects.toThrow('ENOENT');
  });
});
