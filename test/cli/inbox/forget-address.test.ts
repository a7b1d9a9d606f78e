import { TagResourceCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { openInboxAt, openInboxData } from '../../../cli/inbox/deployed-inbox';
import { type ForgetRequest, forgetAddress } from '../../../cli/inbox/privacy/forget-address';
import { knownCustomers } from '../../../cli/inbox/privacy/known-customers';
import { twilioChats } from '../../../cli/inbox/twilio-chats';
import { deployedOwners } from '../../../cli/inbox/workers/deployed-owners';
import { readSettings } from '../../../cli/settings/settings';
import type { Environment } from '../../../lambdas/config';
import { INBOX_TAG, STACK_NAME } from '../../../lib/stack-names';
import { UsageError } from '../../../lib/user-error';
import { changeAtTwilio, conversationWith } from '../../world/conversations';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { ACCOUNT_SID, AUTH_TOKEN, closeWorlds } from '../../world/world';
import { startCloudFormation } from '../aws/cloudformation-double';
import { MINIMAL } from '../settings/minimal-settings';
import { aScreen, scriptedPrompts } from '../terminal/scripted-screen';

const JANE = '+15558675310';
const JOE = '+15558675322';
const PICTURE = { contentType: 'image/png', bytes: Buffer.from('a picture of Jane') };

let world: InboxWorld;
afterEach(() => world.close());
afterAll(closeWorlds);

async function begin(): Promise<void> {
  world = await InboxWorld.start({
    customers: [
      { id: 541, name: 'Jane Roe', sms: JANE, whatsapp: JANE, owner: ANA },
      { id: 542, name: 'Joe', sms: JOE, owner: ANA },
    ],
    settings: { DEFAULT_WORKER: BOB },
  });
}

async function forget(address = JANE, changes: Partial<ForgetRequest> = {}) {
  const { screen, text } = aScreen();
  const { table, queue, twilio } = world;
  const place = { table, queueUrl: queue.queueUrl, url: 'https://inbox.example.com', userPoolId: 'pool' };
  const status = await forgetAddress({
    address,
    country: 'US',
    inbox: openInboxAt(place),
    twilio: twilioChats({
      ...process.env,
      ...MINIMAL,
      ACCOUNT_SID,
      AUTH_TOKEN,
      TWILIO_API_URL: twilio.url,
      TWILIO_MEDIA_URL: twilio.url,
    }),
    customers: async () => [{ name: 'Jane Roe', otherAddresses: ['whatsapp:US.134912'] }],
    screen,
    approval: { kind: 'given' },
    wait: { waitMs: 60_000, pollMs: 20 },
    ...changes,
  });
  await queue.settled();
  return { status, text: text() };
}

/** Everything that the inbox's table says, as text. */
const stored = async () => JSON.stringify(await world.items());
const isAtTwilio = (sid: string | null) => world.twilio.conversation(String(sid)) !== undefined;
const mediaDeletions = () =>
  world.twilio.requests.filter(({ method, path }) => method === 'DELETE' && path.includes('/Media/'));

test('deletes chats by SMS and WhatsApp, open and closed, with their files, here and at Twilio', async () => {
  await begin();
  const closed = await world.receive(JANE, 'The first secret', [PICTURE]);
  await world.call(ANA, 'close', { params: { chatSid: String(closed.conversationSid) } });
  const open = await world.receive(JANE, 'The second secret');
  const whatsapp = await world.receive(`whatsapp:${JANE}`, 'The third secret');
  const joes = await world.receive(JOE, 'Hello');
  const live = await world.connect(ANA);
  const { status, text } = await forget('(555) 867-5310');
  expect(status).toBe(0);
  const janes = [closed, open, whatsapp].map(({ conversationSid }) => conversationSid);
  expect(janes.map(isAtTwilio)).toEqual([false, false, false]);
  expect(isAtTwilio(joes.conversationSid)).toBe(true);
  expect(mediaDeletions().map((request) => request.status)).toEqual([204]);
  const items = await stored();
  expect(items).not.toContain('5558675310');
  expect(items).not.toContain('secret');
  expect(items).toContain('5558675322');
  for (const sid of janes) expect(items).not.toContain(`"pk":{"S":"chat#${sid}"}`);
  await live.next('chat-removed', ({ sid }) => sid === open.conversationSid);
  expect((await world.call(ANA, 'chats')).ok.chats.map(({ sid }) => sid)).toEqual([joes.conversationSid]);
  expect(text).toContain('3 conversations are deleted');
  expect(text).toContain('the record of Jane Roe in Airtable');
  expect(text).toContain('inbox forget whatsapp:US.134912');
  expect(world.queue.deadLetters).toEqual([]);
});

test('shows and asks first', async () => {
  await begin();
  const { conversationSid } = await world.receive(JANE, 'Hello');
  const before = await stored();
  const shown = await forget(JANE, { approval: { kind: 'dry-run' } });
  expect(shown).toEqual({ status: 0, text: expect.stringContaining(`Delete ${conversationSid} (open`) });
  const prompts = scriptedPrompts([false]);
  expect((await forget(JANE, { approval: { kind: 'asked', prompts } })).status).toBe(1);
  expect(isAtTwilio(conversationSid)).toBe(true);
  expect(await stored()).toBe(before);
});

test('after a crash at any request to Twilio, doing it again completes it', async () => {
  await begin();
  await world.receive(JANE, 'The first secret', [PICTURE]);
  await world.receive(`whatsapp:${JANE}`, 'The second secret');
  for (let done = 0; ; done += 1) {
    let seen = 0;
    world.twilio.faults.always({ kind: 'rejected', status: 403, code: 20_403, message: 'no' }, () => {
      seen += 1;
      return seen > done;
    });
    // Where the events fail too, it deletes the items itself after this time.
    const crashed = await forget(JANE, { wait: { waitMs: 500, pollMs: 20 } }).then(
      () => false,
      () => true,
    );
    world.twilio.faults.clear();
    if (!crashed) break;
  }
  expect((await forget()).status).toBe(0);
  expect(await stored()).not.toMatch(/5558675310|secret/);
});

test('completes what an attempt left that ended after the deletion at Twilio, or that the index alone knows', async () => {
  await begin();
  const { conversationSid } = await world.receive(JANE, 'A secret');
  await changeAtTwilio(world.world, 'DELETE', `/Conversations/${conversationSid}`);
  const { status, text } = await forget();
  expect(status).toBe(0);
  expect(text).toContain(`what is left of ${conversationSid}`);
  expect(await stored()).not.toMatch(/5558675310|secret/);
});

test('needs no inbox any more: only the table, which a teardown keeps, and no event to be handled', async () => {
  await begin();
  await world.receive(JANE, 'A secret');
  const cloudFormation = await startCloudFormation();
  cloudFormation.stacks.set(STACK_NAME, {
    status: 'UPDATE_COMPLETE',
    outputs: { InboxTableName: world.table, InboxQueueUrl: world.queue.queueUrl },
  });
  const before = process.env['AWS_ENDPOINT_URL'];
  process.env['AWS_ENDPOINT_URL'] = cloudFormation.url;
  try {
    const ofService = await openInboxData(readSettings(MINIMAL));
    cloudFormation.stacks.clear();
    await expect(openInboxData(readSettings(MINIMAL))).rejects.toThrow('No stack FrontlineAirtableInbox');
    const named = await openInboxData(readSettings({ ...MINIMAL, INBOX_TABLE_NAME: world.table }));
    expect([ofService, named]).toEqual([
      expect.objectContaining({ enqueue: null, table: expect.objectContaining({ table: world.table }) }),
      expect.objectContaining({ enqueue: null, table: expect.objectContaining({ table: world.table }) }),
    ]);
    const { client } = ofService.table;
    const ResourceArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${world.table}`;
    const Tags = [{ Key: INBOX_TAG, Value: STACK_NAME }];
    await client.send(new TagResourceCommand({ ResourceArn, Tags }));
    const inbox = await openInboxData(readSettings(MINIMAL));
    const isOn = readSettings({ ...MINIMAL, INBOX: 'true' });
    await expect(openInboxData(isOn)).rejects.toThrow('if it was deleted, remove INBOX from .env');
    const shown = await forget(JANE, { inbox, approval: { kind: 'dry-run' } });
    expect(shown.text).toContain(
      `No inbox is deployed in account 000000000000, region us-east-1: this command works with the table ${world.table} there`,
    );
    // A wait for events would be longer than the test.
    expect((await forget(JANE, { inbox, wait: { waitMs: 600_000, pollMs: 20 } })).status).toBe(0);
    expect(await stored()).not.toMatch(/5558675310|secret/);
  } finally {
    if (before === undefined) delete process.env['AWS_ENDPOINT_URL'];
    else process.env['AWS_ENDPOINT_URL'] = before;
    await cloudFormation.close();
  }
});

describe('the record in Airtable', () => {
  test('is to be looked for where the replica cannot be read', async () => {
    await begin();
    const { text } = await forget(JANE, { customers: (address) => knownCustomers(address, {}) });
    expect(text).toContain('the replica could not be read, so look for it there');
    expect(await deployedOwners({})).toBeNull();
  });

  test('is not passed over in silence after an error of the program', async () => {
    await begin();
    const fail = () => {
      throw new RangeError('a fault of the program');
    };
    const broken = new Proxy<Environment>({}, { get: fail, has: fail });
    await expect(forget(JANE, { customers: (address) => knownCustomers(address, broken) })).rejects.toThrow(
      RangeError,
    );
    await expect(deployedOwners(broken)).rejects.toThrow(RangeError);
  });
});

test('deletes the items itself if no event is handled', async () => {
  await begin();
  await world.receive(JANE, 'A secret');
  const { table, url } = { table: world.table, url: 'https://inbox.example.com' };
  const deployed = openInboxAt({ table, queueUrl: world.queue.queueUrl, url, userPoolId: 'pool' });
  const inbox = { ...deployed, enqueue: async () => {} };
  expect((await forget(JANE, { inbox, wait: { waitMs: 100, pollMs: 20 } })).status).toBe(0);
  expect(await stored()).not.toMatch(/5558675310|secret/);
});

test('names a group conversation, and leaves it', async () => {
  await begin();
  const group = conversationWith(world.world, [JANE, JOE]);
  const { conversationSid } = await world.receive(`whatsapp:${JANE}`, 'Hello');
  const { status, text } = await forget();
  expect(status).toBe(1);
  expect(text).toContain(`${group.sid} (open`);
  expect(text).toContain('has other customers too');
  expect([isAtTwilio(group.sid), isAtTwilio(conversationSid)]).toEqual([true, false]);
});

test.each(['open', 'closed'])(
  'leaves a conversation that is %s with messages of a customer who left it',
  async (state) => {
    await begin();
    const group = conversationWith(world.world, [JANE, JOE]);
    world.twilio.createMessage(group.sid, { author: JOE, body: 'From Joe' });
    const joe = world.twilio.participants(group.sid).find((each) => each.messagingBinding?.address === JOE);
    await changeAtTwilio(world.world, 'DELETE', `/Conversations/${group.sid}/Participants/${joe?.sid}`);
    if (state === 'closed') {
      await changeAtTwilio(world.world, 'POST', `/Conversations/${group.sid}`, { State: 'closed' });
    }
    const { status, text } = await forget();
    expect(status).toBe(1);
    expect(text).toContain(`${group.sid} (${state}`);
    expect(isAtTwilio(group.sid)).toBe(true);
  },
);

test('names a file that Twilio does not delete', async () => {
  await begin();
  await world.receive(JANE, 'Look', [PICTURE]);
  world.twilio.faults.always(
    { kind: 'rejected', status: 405, code: 20_004, message: 'Method not allowed' },
    ({ method, path }) => method === 'DELETE' && path.includes('/Media/'),
  );
  const { status, text } = await forget();
  expect(status).toBe(1);
  expect(text).toMatch(/Twilio still has the file ME[0-9a-f]{32}/);
  expect(await stored()).not.toContain('5558675310');
});

test('finds other spellings, finds nothing without an error, and rejects what is not an address', async () => {
  await begin();
  const mexican = await world.receive('whatsapp:+5215512345678', 'Hola');
  expect((await forget('+52 55 1234 5678')).status).toBe(0);
  expect(isAtTwilio(mexican.conversationSid)).toBe(false);
  expect((await forget('US.13491208655302741918')).text).toContain('No conversation was found');
  await expect(forget('Jane')).rejects.toThrow(UsageError);
});
