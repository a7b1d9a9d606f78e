import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startAirtable } from '../../../emulators/airtable/airtable-emulator';
import { teamBase } from '../../../emulators/seed/base';
import { startTwilio } from '../../../emulators/twilio/twilio-emulator';
import { askForPage, ProjectFolder, stop } from './started';

let folder: ProjectFolder;
beforeEach(async () => {
  folder = await ProjectFolder.create();
});
afterEach(() => folder.remove());

const BASE = teamBase();
const ACCOUNT = { accountSid: `AC${'2'.repeat(32)}`, authToken: 'live-token' };
const TOKEN_SCOPES = ['data.records:read', 'data.records:write', 'webhook:manage', 'schema.bases:read'];

/** Airtable and Twilio emulators, and the `.env` that points to them. */
async function outside(scopes: readonly string[] = TOKEN_SCOPES) {
  const airtable = folder.add(await startAirtable({ base: BASE, tokens: [{ token: 'patLive', scopes }] }));
  const twilio = folder.add(await startTwilio({ ...ACCOUNT, users: [{ identity: 'ana@example.com' }] }));
  const settings = {
    ACCOUNT_SID: ACCOUNT.accountSid,
    AUTH_TOKEN: ACCOUNT.authToken,
    AIRTABLE_API_KEY: 'patLive',
    AIRTABLE_BASE_ID: BASE.id,
    TWILIO_SMS_NUMBER: '+15017122661',
    AIRTABLE_ENDPOINT_URL: airtable.url,
    TWILIO_API_URL: twilio.url,
  };
  return { airtable, twilio, settings };
}

describe('npx frontline start --live', () => {
  test('names every missing setting at once', async () => {
    const { status, stderr } = await folder.run('start', ['--live'], { TWILIO_WHATSAPP_NUMBER: 'none' })
      .ended;

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

  test('uses the configured Airtable and Twilio, and accepts signatures for the tunnel', async () => {
    const { airtable, twilio, settings } = await outside();
    const conversation = twilio.createConversation();
    const tunnel = 'https://tunnel.example.com';

    const started = folder.run('start', ['--live'], { ...settings, PUBLIC_BASE_URL: tunnel });
    const [, url = ''] = await started.message(/must forward to (\S+)/);
    const words = ['--token', ACCOUNT.authToken, '--public-url', tunnel];
    const routing = await folder.run('callback', [
      'routing',
      ...['--url', url],
      ...words,
      `ConversationSid=${conversation.sid}`,
      `ConversationServiceSid=${twilio.conversationServiceSid}`,
    ]).ended;
    const unknownUrl = await folder.run('callback', ['routing', '--token', ACCOUNT.authToken, '--url', url])
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

  test('reads the base before it is ready, polls a webhook in it, and runs only once', async () => {
    const { airtable, settings } = await outside();

    const { started, url } = await folder.start(['--live'], settings);
    const { customers } = await askForPage(url, { Query: "O'Brien" }, ACCOUNT.authToken);
    const [text] = await started.message(/The base was read: .*\n.*/);
    const another = await folder.run('start', ['--live'], settings).ended;
    await stop(started);

    expect(customers.map(({ display_name }) => display_name)).toContain("Miles O'Brien");
    expect(airtable.webhooks.list()).toMatchObject([{ notificationUrl: null, isHookEnabled: true }]);
    expect(text).toContain('every minute');
    expect(another.status).toBe(1);
    expect(another.stderr).toContain('already running');
    expect(another.stderr).not.toContain('    at ');
  });

  test('stores the replica on disk, and serves it at the next start although Airtable is down', async () => {
    const { airtable, settings } = await outside();
    const first = await folder.start(['--live'], settings);
    // Even a kill does not damage the tables.
    await first.started.kill();

    airtable.faults.always({ kind: 'unavailable' }, () => true);
    const { started: second, url } = await folder.start(['--live'], settings);
    const { customers } = await askForPage(url, {}, ACCOUNT.authToken);
    const [text] = await second.message(/The base could not be read: .*\n.*/);
    await second.kill();

    expect(customers).toHaveLength(10);
    expect(text).toContain('earlier replica');
    const directory = join(folder.path, '.frontline', 'dynamodb', BASE.id);
    expect((await stat(directory)).isDirectory()).toBe(true);
  });

  test('names the missing scope of a token that may not manage webhooks', async () => {
    const { settings } = await outside(['data.records:read', 'data.records:write']);

    const started = folder.run('start', ['--live'], settings);
    const [text] = await started.message(/Changes arrive hours late.*\n.*/);
    await stop(started);

    expect(text).toContain('webhook:manage');
  });
});
