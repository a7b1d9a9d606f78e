import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'dotenv';
import { type AirtableEmulator, startAirtable } from '../../../emulators/airtable/airtable-emulator';
import { aBase } from '../../../emulators/airtable/base-data';
import { startTwilio, type TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import { runCommandIn } from '../terminal/operator';

const SMS_NUMBER = '+14135550100';
const ACCOUNT_SID = `AC${'5'.repeat(32)}`;
const AUTH_TOKEN = 'token-of-the-account';

let airtable: AirtableEmulator;
let twilio: TwilioEmulator;
let folder: string;

beforeEach(async () => {
  airtable = await startAirtable({
    base: aBase([]),
    tokens: [{ token: 'patSetUp.1' }],
    limits: { penaltySeconds: 0 },
  });
  twilio = await startTwilio({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    ourNumbers: [SMS_NUMBER],
    autocreation: 'as-configured',
    configuration: {
      services: [],
      defaultChatServiceSid: null,
      messagingServices: [],
      defaultMessagingServiceSid: null,
    },
  });
  folder = mkdtempSync(join(tmpdir(), 'frontline-setup-'));
  copyFileSync('.env.example', join(folder, '.env.example'));
  const settings = {
    ACCOUNT_SID,
    AUTH_TOKEN,
    AIRTABLE_API_KEY: 'patSetUp.1',
    AIRTABLE_BASE_ID: airtable.base.id,
    TWILIO_SMS_NUMBER: SMS_NUMBER,
    AIRTABLE_ENDPOINT_URL: airtable.url,
    TWILIO_API_URL: twilio.url,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, '.env'), lines.join(''), { mode: 0o600 });
});
afterEach(async () => {
  await Promise.all([airtable.close(), twilio.close()]);
  rmSync(folder, { recursive: true });
});

const setUp = (...words: readonly string[]) => runCommandIn(folder, ['setup', '--inbox', ...words]);
const dotEnv = () => readFileSync(join(folder, '.env'), 'utf8');
const writesToTwilio = () =>
  twilio.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

test('a dry run without an AWS account shows the services that it would create, and writes nothing', async () => {
  const before = dotEnv();

  const { status, stdout, stderr } = await setUp('--dry-run');

  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Create the messaging service "Frontline Airtable"');
  expect(stdout).toContain('Set TWILIO_MESSAGING_SERVICE_SID in .env');
  expect(stdout).toContain('Create the conversation service "Frontline Airtable"');
  expect(stdout).not.toMatch(/Frontline > |single sign-on|Paste these URLs/);
  expect(dotEnv()).toBe(before);
  expect(writesToTwilio()).toEqual([]);
});

test('setup keeps the messaging service in .env before it deploys, and finds it again', async () => {
  const first = await setUp('--yes');

  expect(first.stderr).toBe('');
  const [service] = twilio.configuration.messagingServices;
  expect(service).toMatchObject({ friendlyName: 'Frontline Airtable', senders: [SMS_NUMBER] });
  expect(parse(dotEnv())).toMatchObject({
    INBOX: 'true',
    ROUTING: 'service',
    TWILIO_MESSAGING_SERVICE_SID: service?.sid,
  });
  expect(first.stdout.indexOf("\nTwilio's messaging service\n")).toBeLessThan(
    first.stdout.indexOf('\nAWS\n'),
  );
  const writes = writesToTwilio();

  await setUp('--yes');

  expect(writesToTwilio()).toEqual(writes);
});
