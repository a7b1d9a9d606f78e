import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { DEMO_CREDENTIALS } from '../../../emulators/seed/demo-credentials';
import { until } from '../../world/until';
import type { Command } from './child-process';
import { askForPage, ProjectFolder, stop } from './started';

const ANA = 'ana@example.com';
/** Miles O'Brien, a customer of Ana's. */
const MILES = '+16285550101';

let folder: ProjectFolder;
let started: Command;
let url: string;

beforeAll(async () => {
  folder = await ProjectFolder.create();
  ({ started, url } = await folder.start());
});
afterAll(async () => {
  await stop(started, 'SIGINT');
  await folder.remove();
});

const frontline = (name: string, ...words: readonly string[]) => folder.run(name, words).ended;

const Urls = v.object({
  baseId: v.string(),
  urls: v.object({ service: v.string(), airtable: v.string(), twilio: v.string(), lambda: v.string() }),
});
const urls = async () => v.parse(Urls, JSON.parse((await frontline('start', '--urls', '--json')).stdout));

const Webhooks = v.object({
  webhooks: v.tupleWithRest([v.object({ expirationTime: v.string() })], v.unknown()),
});

/** Resolves when so many runs of sync have read the base's changes, which prolongs the webhook. */
async function runsOfSync(count: number): Promise<void> {
  const { baseId, urls: at } = await urls();
  const headers = { authorization: `Bearer ${DEMO_CREDENTIALS.airtableApiKey}` };
  const seen = new Set<string>();
  await until(
    async () => {
      const response = await fetch(`${at.airtable}/v0/bases/${baseId}/webhooks`, { headers });
      seen.add(v.parse(Webhooks, await response.json()).webhooks[0].expirationTime);
      return seen.size > count;
    },
    () => `${count} runs of sync`,
    50,
  );
}

describe('npm start', () => {
  test('shows the callbacks, the emulators, the workers, the file and example commands', () => {
    const { output } = started;

    for (const callback of ['crm', 'outgoing-conversation', 'routing', 'templates', 'twilio-conversations']) {
      expect(output).toContain(`${url}/callbacks/${callback}\n`);
    }
    expect(output).toMatch(
      /Airtable +http.*\n +Twilio +http.*\n +Secrets Manager +http.*\n +DynamoDB +http.*\n +Lambda +http/,
    );
    expect(output).not.toMatch(/http:\/\/(?!127\.0\.0\.1|localhost)/);
    expect(output).toMatch(/greta@example\.com .*deactivated/);
    expect(output).toContain(join(folder.path, '.frontline', 'base.json'));
    expect(output.match(/^ {4}npx frontline /gm)).toHaveLength(3);
  });

  test('responds to a signed callback, rejects an unsigned one, and prints one line a request', async () => {
    const list = await frontline('callback', 'GetCustomersList', "Query=O'Brien");
    const unsigned = await frontline('callback', 'GetCustomersList', '--unsigned');

    expect(list.stdout).toContain('"display_name": "Miles O\'Brien"');
    expect([list.status, unsigned.status]).toEqual([0, 1]);
    await started.message(/^\d\d:\d\d:\d\d {2}✓ 200 {2}crm GetCustomersList +ana@example\.com +\d+ ms/m);
    await started.message(/^\d\d:\d\d:\d\d {2}✗ 403 {2}crm .*\n {4}NotSigned: .*/m);
    expect(await readFile(join(folder.path, '.frontline/service.log'), 'utf8')).toMatch(
      /^\{.*"callback":"crm".*\}$/m,
    );
  });

  test('serves every page of a long list, one right after the other', async () => {
    const customers: string[] = [];
    let token: string | undefined;
    do {
      const page = await askForPage(url, token === undefined ? {} : { NextPageToken: token });
      customers.push(...page.customers.map(({ customer_id }) => customer_id));
      token = page.next_page_token;
    } while (token !== undefined);

    expect(customers.length).toBeGreaterThan(150);
    expect(new Set(customers).size).toBe(customers.length);
  });

  test('shows every change of the base in the lists', async () => {
    const { baseId, urls: at } = await urls();
    const change = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${at.airtable}/v0/${baseId}/Customers${path}`, {
        method,
        headers: {
          authorization: `Bearer ${DEMO_CREDENTIALS.airtableApiKey}`,
          'content-type': 'application/json',
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      return v.parse(v.object({ id: v.string() }), await response.json()).id;
    };
    const count = async (query: string) => (await askForPage(url, { Query: query })).customers.length;

    const id = await change('POST', '', { fields: { name: 'Zoë Newman', owner: ANA, sms: '+14155550177' } });
    await until(async () => (await count('Newman')) === 1);
    await change('PATCH', `/${id}`, { fields: { name: 'Zoë Oldman' } });
    await until(async () => (await count('Oldman')) === 1 && (await count('Newman')) === 0);
    await change('DELETE', `/${id}`);
    await until(async () => (await count('Oldman')) === 0);
  });

  test('logs nothing without changes', async () => {
    // No two runs overlap: when the second begins, the one that noticed the last change has ended.
    await runsOfSync(2);
    const { length } = started.output;

    await runsOfSync(3);

    expect(started.output.slice(length)).toBe('');
  });

  test('explains each of its addresses to a browser', async () => {
    const { urls: at } = await urls();
    const textAt = async (address: string) => (await fetch(address)).text();

    expect(await textAt(`${url}/callbacks/crm`)).toMatch(/^This is the crm callback/);
    expect(await textAt(at.twilio)).toMatch(/^This is an emulator of Twilio/);
    expect(await textAt(at.lambda)).toMatch(/^This is an emulator of AWS Lambda/);
  });

  test('runs once in a folder, and a second start names the first', async () => {
    const { status, stderr } = await frontline('start');

    expect(status).toBe(1);
    expect(stderr).toContain(`already running in this folder at ${url}`);
  });

  test('--urls shows the addresses again', async () => {
    expect((await frontline('start', '--urls')).stdout).toContain(`${url}/callbacks/crm\n`);
  });
});

describe('frontline simulate', () => {
  test("inbound routes a customer's message to their worker, and shows how to reply", async () => {
    const { status, stdout } = await frontline('simulate', 'inbound', '--from', MILES, '--body', 'Hello');

    expect(status).toBe(0);
    for (const event of ['onConversationAdd', 'onParticipantAdded', 'onMessageAdded']) {
      expect(stdout).toMatch(new RegExp(`^ +${event} +200$`, 'm'));
    }
    expect(stdout).toMatch(/^ {2}Conversation CH[0-9a-f]{32} {2}Miles O'Brien {2}\(new\)$/m);
    const [, worker, sid = ''] = /--worker (\S+) --conversation (CH\w+)/.exec(stdout) ?? [];
    const words = ['--worker', ANA, '--conversation', sid, '--body', 'How can I help?'];
    const reply = await frontline('simulate', 'worker-message', ...words);

    expect([worker, reply.status]).toEqual([ANA, 0]);
    expect(reply.stdout).toMatch(/^ +\+16285550101: Hello\n +ana@example\.com: How can I help\?$/m);
  });

  test("a customer's STOP reaches the base", async () => {
    await frontline('simulate', 'inbound', '--from', MILES, '--body', 'STOP');

    await until(async () => {
      const { stdout } = await frontline('opt-outs', 'list', '--local', '--json');
      return stdout.includes('"inAirtable": "yes"');
    });
  });

  test('conversation starts one by a worker, with callbacks of the app', async () => {
    const words = ['--worker', ANA, '--customer', '127', '--body', 'Your order is here', '--json'];
    const { status, stdout } = await frontline('simulate', 'conversation', ...words);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      accepted: true,
      conversation: { participants: [{ identity: ANA }, { messaging_binding: { type: 'sms' } }] },
    });
  });

  test.each([
    ['a conversation that does not exist', ['worker-message', '--worker', ANA, '--conversation', 'CH1']],
    ['an address that is not a number', ['inbound', '--from', 'Miles']],
    ['a customer that does not exist', ['conversation', '--worker', ANA, '--customer', 'x']],
  ])('rejects %s with the reason', async (_what, words) => {
    const { status, stdout, stderr } = await frontline('simulate', ...words, '--body', 'x');

    expect(status).toBe(1);
    expect(stdout + stderr).toMatch(/\d{3,5}|not an address/);
    expect(stderr).not.toContain('    at ');
  });
});

test('frontline callback routing says who got the conversation', async () => {
  const { status, stderr } = await frontline('callback', 'routing');

  expect([status, stderr]).toEqual([0, expect.stringContaining(ANA)]);
});
