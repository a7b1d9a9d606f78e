import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { functionLogFile } from '../../../cli/logs/local-log';
import { listen } from '../../../emulators/core/http-server';
import { addressOf, ProjectFolder, stop } from './started';

let folder: ProjectFolder;
beforeEach(async () => {
  folder = await ProjectFolder.create();
});
afterEach(() => folder.remove());

/** The output of a callback that is sent to the service in the folder. */
const callback = async (...words: readonly string[]) => folder.run('callback', words).ended;

test('npm start keeps changes for the next start, until it is reset', async () => {
  const findsJane = async () =>
    (await callback('GetCustomersList', 'Query=Jane Roe')).stdout.includes('"display_name": "Jane Roe"');

  const today = await folder.start();
  const created = await callback('CreateCustomer');
  await today.started.kill();
  const tomorrow = await folder.start();
  const foundTomorrow = await findsJane();
  await stop(tomorrow.started);
  const again = await folder.start(['--reset']);
  const foundAfterReset = await findsJane();
  await stop(again.started);

  expect([created.status, foundTomorrow, foundAfterReset]).toEqual([0, true, false]);
});

test('npm start uses the account of .env, ignores its malformed settings, and never the real service of .env', async () => {
  const settings = {
    ACCOUNT_SID: `AC${'1'.repeat(32)}`,
    AUTH_TOKEN: 'of-this-account',
    AIRTABLE_BASE_ID: 'appReal',
    AIRTABLE_TEMPLATES_VIEW: 'A view of the real base',
    PUBLIC_BASE_URL: 'https://frontline.example.com',
    TWILIO_SMS_NUMBER: '+15017122661',
    TWILIO_WHATSAPP_NUMBER: '415 555 1234',
    DEFAULT_WORKER: '',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await writeFile(join(folder.path, '.env'), lines.join('\n'));

  const { started, url } = await folder.start();
  const proxy = await callback('GetProxyAddress');
  // The port may be reachable from elsewhere, and has callbacks and Airtable's ping only.
  const pages = await Promise.all(
    ['/chats', '/phone', '/local/workers', '/api/session'].map(
      async (path) => (await fetch(url + path)).status,
    ),
  );
  const templates = await callback('GetTemplatesByCustomerId');
  const foreign = await callback('GetProxyAddress', '--token', 'another');
  await stop(started);

  expect(proxy.stdout).toContain('"proxy_address": "+15017122661"');
  expect(pages).toEqual([404, 404, 404, 404]);
  expect(templates.status).toBe(0);
  expect(foreign.stdout).toMatch(/^403 in /m);
  expect(started.output).toMatch(/! Ignored in \.env: TWILIO_WHATSAPP_NUMBER/);
  expect(started.output).toMatch(/Unknown callers: .* take turns/);
});

test('npm start --json prints the log lines; the file has them all even after a kill, and is appended to', async () => {
  const file = functionLogFile(folder.path);
  await mkdir(join(folder.path, '.frontline'));
  await writeFile(file, 'of yesterday\n');

  const { started, url } = await folder.start(['--json']);
  await fetch(`${url}/callbacks/crm`, { method: 'POST' });
  const [line = ''] = await started.message(/^\{"level":"WARN".*\}$/m);
  await started.kill();
  const { stdout } = await started.ended;

  expect(JSON.parse(line)).toMatchObject({ callback: 'crm', status: 403 });
  expect(stdout.split('\n').filter((each) => !/^\{.*\}$/.test(each))).toEqual(['']);
  expect((await readFile(file, 'utf8')).split('\n')).toEqual([
    'of yesterday',
    expect.stringContaining('"kind":"pass"'),
    line,
    '',
  ]);
});

test('npm start continues if the log file is not writable, and reports that', async () => {
  await mkdir(functionLogFile(folder.path), { recursive: true });

  const { started, url } = await folder.start();
  const { status } = await fetch(`${url}/callbacks/crm`, { method: 'POST' });
  const [warning] = await started.message(/^The log cannot .*/m);

  expect(status).toBe(403);
  expect(warning).toContain(functionLogFile(folder.path));
});

test('npm start ends, and releases its ports, when npm and its shell get a signal', async () => {
  const started = folder.run('start', [], {}, true);
  const url = await addressOf(started);

  started.signal('SIGTERM');
  await started.ended;

  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

describe('npm start that cannot start', () => {
  test('names a broken base file, says how to reset it, and does not change it', async () => {
    const path = join(folder.path, '.frontline', 'base.json');
    await mkdir(join(folder.path, '.frontline'));
    await writeFile(path, '{"id":"app');

    const { status, stderr } = await folder.run('start').ended;

    expect(status).toBe(1);
    expect(stderr).toContain(path);
    expect(stderr).toContain('npx frontline start --reset');
    expect(stderr).not.toContain('    at ');
    expect(await readFile(path, 'utf8')).toBe('{"id":"app');
  });

  test('names the port in use, and does not change the base', async () => {
    const taken = folder.add(await listen(createServer(), 0));
    const port = Number(new URL(taken.url).port);

    const { status, stderr } = await folder.run('start', ['--reset'], { PORT: String(port - 1) }).ended;

    expect(status).toBe(1);
    expect(stderr).toMatch(/^Port \d+, .* PORT=/);
    await expect(readFile(join(folder.path, '.frontline', 'base.json'))).rejects.toThrow('ENOENT');
  });
});

describe('without a running npm start', () => {
  test.each([
    ['start', ['--urls']],
    ['simulate', ['inbound', '--from', '+16285550101', '--body', 'Hello']],
  ])('frontline %s %j says so', async (name, words) => {
    const { status, stderr } = await folder.run(name, words).ended;

    expect([status, stderr]).toEqual([1, expect.stringContaining('npm start is not running')]);
  });
});
