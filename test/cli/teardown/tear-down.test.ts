import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startTwilio, type TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import { runCommandIn } from '../terminal/operator';

const ACCOUNT_SID = `AC${'7'.repeat(32)}`;
const AUTH_TOKEN = '7ea7d0477ea7d0477ea7d0477ea7d047';
const CALLBACK = 'https://ours.example.com/callbacks/twilio-conversations';

let twilio: TwilioEmulator;
let folder: string;

beforeEach(async () => {
  twilio = await startTwilio({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    ourNumbers: ['+14135550100'],
    webhooks: { preUrl: CALLBACK, postUrl: CALLBACK, filters: ['onMessageAdd'] },
  });
  folder = mkdtempSync(join(tmpdir(), 'frontline-teardown-'));
  const settings = {
    ACCOUNT_SID,
    AUTH_TOKEN,
    AIRTABLE_API_KEY: 'patTearDown.0',
    AIRTABLE_BASE_ID: 'appTearDown',
    TWILIO_SMS_NUMBER: '+14135550100',
    TWILIO_API_URL: twilio.url,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, '.env'), lines.join(''));
});
afterEach(async () => {
  await twilio.close();
  rmSync(folder, { recursive: true });
});

test.each([['--yes'], ['--dry-run']])(
  'if AWS cannot be reached to identify the webhooks, teardown %s removes nothing at Twilio',
  async (option) => {
    const before = twilio.configuration;

    const { status, stderr } = await runCommandIn(folder, ['teardown', option]);

    expect(status).toBe(1);
    expect(stderr).toContain('No AWS credentials found');
    expect(twilio.configuration).toEqual(before);
  },
);

test('without an interactive terminal, teardown requires --yes', async () => {
  const { status, stderr } = await runCommandIn(folder, ['teardown']);

  expect([status, stderr]).toEqual([2, expect.stringContaining('--yes')]);
});
