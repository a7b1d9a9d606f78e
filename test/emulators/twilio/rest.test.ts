import { describe, expect, test } from '@jest/globals';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  aTwilio,
  CUSTOMER,
  officialClient,
  SMS_NUMBER,
  WHATSAPP_NUMBER,
} from './account';

const WORKER = 'ana@example.com';
const sidOf = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}[0-9a-f]{32}$`));

describe('conversations', () => {
  test('are created, fetched by SID and by unique name, changed and deleted', async () => {
    const twilio = await aTwilio({ now: () => new Date('2024-01-02T03:04:05.678Z') });
    const { conversations } = officialClient(twilio).conversations.v1;

    const created = await conversations.create({ friendlyName: 'Jane Roe', uniqueName: 'jane' });
    const byName = await conversations('jane').fetch();
    const updated = await conversations(created.sid).update({
      friendlyName: 'Jane R.',
      attributes: '{"avatar":"https://x/y.png"}',
    });
    const removed = await conversations(created.sid).remove();

    expect(created).toMatchObject({
      sid: sidOf('CH'),
      accountSid: ACCOUNT_SID,
      chatServiceSid: sidOf('IS'),
      messagingServiceSid: sidOf('MG'),
      friendlyName: 'Jane Roe',
      uniqueName: 'jane',
      attributes: '{}',
      state: 'active',
      dateCreated: new Date('2024-01-02T03:04:05Z'),
    });
    expect(byName.sid).toBe(created.sid);
    expect(updated).toMatchObject({
      friendlyName: 'Jane R.',
      uniqueName: 'jane',
      attributes: '{"avatar":"https://x/y.png"}',
    });
    expect(removed).toBe(true);
    expect(twilio.conversation(created.sid)).toBeUndefined();
  });

  test('are the same under their service', async () => {
    const twilio = await aTwilio();
    const client = officialClient(twilio).conversations.v1;
    const { sid } = twilio.createConversation({ friendlyName: 'Jane Roe' });

    const service = client.services(twilio.conversationServiceSid);
    const inService = await service.conversations(sid).fetch();
    const elsewhere = client.services('ISffffffffffffffffffffffffffffffff').conversations(sid).fetch();

    expect(inService.friendlyName).toBe('Jane Roe');
    expect(inService.url).toContain(`/v1/Services/${twilio.conversationServiceSid}/Conversations/${sid}`);
    await expect(elsewhere).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  test('cannot change after they are closed', async () => {
    const twilio = await aTwilio();
    const { conversations } = officialClient(twilio).conversations.v1;
    const { sid } = twilio.createConversation();

    const closed = await conversations(sid).update({ state: 'closed' });
    const changes = [
      conversations(sid).update({ state: 'active' }),
      conversations(sid).participants.create({ identity: WORKER }),
      conversations(sid).messages.create({ body: 'Hello' }),
    ];

    expect(closed.state).toBe('closed');
    for (const change of changes) await expect(change).rejects.toMatchObject({ status: 400, code: 50377 });
  });

  test.each([
    ['a name that is too long', { friendlyName: 'x'.repeat(257) }, 400, 50003],
    ['attributes that are not JSON', { attributes: '{avatar}' }, 400, 50304],
    ['attributes over 16 KB', { attributes: JSON.stringify('x'.repeat(16 * 1024)) }, 400, 50303],
    ['a unique name that is taken', { uniqueName: 'jane' }, 409, 50353],
    ['being closed from the start', { state: 'closed' as const }, 400, 50384],
  ])('are not created with %s', async (_what, draft, status, code) => {
    const twilio = await aTwilio();
    twilio.createConversation({ uniqueName: 'jane' });

    const created = officialClient(twilio).conversations.v1.conversations.create(draft);

    await expect(created).rejects.toMatchObject({ status, code });
    expect(twilio.conversations()).toHaveLength(1);
  });
});

describe('participants', () => {
  test('are workers with an identity, or customers with a binding', async () => {
    const twilio = await aTwilio();
    const { sid } = twilio.createConversation();
    const { participants } = officialClient(twilio).conversations.v1.conversations(sid);

    const worker = await participants.create({ identity: WORKER });
    const customer = await participants.create({
      'messagingBinding.address': `whatsapp:${CUSTOMER}`,
      'messagingBinding.proxyAddress': WHATSAPP_NUMBER,
      attributes: '{"customer_id":"98"}',
    });

    expect(worker).toMatchObject({ sid: sidOf('MB'), identity: WORKER, messagingBinding: null });
    expect(customer).toMatchObject({
      accountSid: ACCOUNT_SID,
      conversationSid: sid,
      sid: sidOf('MB'),
      identity: null,
      attributes: '{"customer_id":"98"}',
      messagingBinding: {
        type: 'whatsapp',
        address: `whatsapp:${CUSTOMER}`,
        proxy_address: WHATSAPP_NUMBER,
      },
      roleSid: sidOf('RL'),
      lastReadMessageIndex: null,
    });
    expect(twilio.requests.map(({ status }) => status)).toEqual([201, 201]);
  });

  test('are fetched by SID, and by an identity with percent-encoded characters', async () => {
    const twilio = await aTwilio();
    const identity = `ana/maría+1@${'x'.repeat(220)}.example.com`;
    const { sid } = twilio.createConversation({ participants: [{ identity }] });
    const { participants } = officialClient(twilio).conversations.v1.conversations(sid);

    const byIdentity = await participants(encodeURIComponent(identity)).fetch();
    const bySid = await participants(byIdentity.sid).fetch();

    expect([byIdentity.identity, bySid.identity]).toEqual([identity, identity]);
  });

  test('keep properties that an update omits, and replace their attributes whole', async () => {
    const twilio = await aTwilio();
    const { sid } = twilio.createConversation({
      participants: [{ identity: WORKER, attributes: '{"a":1,"b":2}' }],
    });
    const [worker] = twilio.participants(sid);
    const { participants } = officialClient(twilio).conversations.v1.conversations(sid);

    const updated = await participants(worker?.sid ?? '').update({ attributes: '{"b":3}' });

    expect(updated).toMatchObject({ identity: WORKER, attributes: '{"b":3}' });
  });

  test('leave the conversation when they are deleted', async () => {
    const twilio = await aTwilio();
    const { sid } = twilio.createConversation({
      participants: [{ identity: WORKER }, { identity: 'b@example.com' }],
    });
    const [worker] = twilio.participants(sid);
    const { participants } = officialClient(twilio).conversations.v1.conversations(sid);

    expect(await participants(worker?.sid ?? '').remove()).toBe(true);

    expect(twilio.participants(sid).map(({ identity }) => identity)).toEqual(['b@example.com']);
    await expect(participants(worker?.sid ?? '').fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  test('are listed page by page', async () => {
    const twilio = await aTwilio();
    const identities = Array.from({ length: 7 }, (_, number) => `worker${number}@example.com`);
    const { sid } = twilio.createConversation({ participants: identities.map((identity) => ({ identity })) });
    const { participants } = officialClient(twilio).conversations.v1.conversations(sid);

    const first = await participants.page({ pageSize: 3 });
    const last = await (await first.nextPage())?.nextPage();
    const all = await participants.list({ pageSize: 3 });

    expect(first.instances.map(({ identity }) => identity)).toEqual(identities.slice(0, 3));
    expect(first.previousPageUrl).toBeUndefined();
    expect(last?.instances.map(({ identity }) => identity)).toEqual(identities.slice(6));
    expect(last?.nextPageUrl).toBeUndefined();
    expect(all.map(({ identity }) => identity)).toEqual(identities);
    const pageSizes = new Set(twilio.requests.map(({ query }) => query['PageSize']));
    expect([...pageSizes]).toEqual(['3']);
  });

  test('are rejected with a page size out of range', async () => {
    const twilio = await aTwilio();
    const { sid } = twilio.createConversation();

    const listed = officialClient(twilio).conversations.v1.conversations(sid).participants.page({
      pageSize: 101,
    });

    await expect(listed).rejects.toMatchObject({ status: 400, code: 20001 });
  });

  test('are in a conversation at most once', async () => {
    const twilio = await aTwilio();
    const { sid } = twilio.createConversation({ participants: [{ identity: WORKER }] });
    const { participants } = officialClient(twilio).conversations.v1.conversations(sid);

    await expect(participants.create({ identity: WORKER })).rejects.toMatchObject({
      status: 409,
      code: 50433,
      message: 'Participant already exists',
      moreInfo: 'https://www.twilio.com/docs/errors/50433',
    });
    // Identities are case-sensitive, so this is another participant.
    await expect(participants.create({ identity: 'Ana@example.com' })).resolves.toBeDefined();
  });

  test('have at most one open conversation with each of our numbers', async () => {
    const twilio = await aTwilio();
    const customer = {
      'messagingBinding.address': CUSTOMER,
      'messagingBinding.proxyAddress': SMS_NUMBER,
    };
    const held = twilio.createConversation({
      participants: [{ address: CUSTOMER, proxyAddress: SMS_NUMBER }],
    });
    const other = twilio.createConversation();
    const { conversations } = officialClient(twilio).conversations.v1;

    await expect(conversations(other.sid).participants.create(customer)).rejects.toMatchObject({
      status: 409,
      code: 50416,
      message: `A binding for this participant and proxy address already exists in Conversation ${held.sid}`,
    });
    await conversations(held.sid).update({ state: 'closed' });
    await expect(conversations(other.sid).participants.create(customer)).resolves.toBeDefined();
  });

  const binding = (address: string | undefined, proxyAddress: string | undefined) => ({
    ...(address !== undefined && { 'messagingBinding.address': address }),
    ...(proxyAddress !== undefined && { 'messagingBinding.proxyAddress': proxyAddress }),
  });

  test.each([
    ['nothing', {}, 50204],
    ['both an identity and an address', { identity: WORKER, ...binding(CUSTOMER, SMS_NUMBER) }, 50211],
    ['an identity that is too long', { identity: 'x'.repeat(257) }, 50207],
    ['attributes that are not JSON', { identity: WORKER, attributes: 'customer_id=1' }, 50304],
    ['attributes over 4 KB', { identity: WORKER, attributes: JSON.stringify('é'.repeat(2 * 1024)) }, 50303],
    ['an address that is not a number', binding('555 0123', SMS_NUMBER), 50407],
    ['a proxy address that is not a number', binding(CUSTOMER, 'Acme'), 50408],
    ['our own number as address', binding(SMS_NUMBER, SMS_NUMBER), 50409],
    ['a proxy address alone', binding(undefined, SMS_NUMBER), 50411],
    ['an address alone', binding(CUSTOMER, undefined), 50412],
    ["another account's proxy address", binding(CUSTOMER, '+15005550006'), 50413],
    ['two channels', binding(`whatsapp:${CUSTOMER}`, SMS_NUMBER), 50414],
    ['a proxy without WhatsApp', binding(`whatsapp:${CUSTOMER}`, 'whatsapp:+15017122662'), 50415],
  ])('are rejected with %s', async (_what, draft, code) => {
    const twilio = await aTwilio({ ourNumbers: [SMS_NUMBER, WHATSAPP_NUMBER, '+15017122662'] });
    const { sid } = twilio.createConversation();

    const created = officialClient(twilio).conversations.v1.conversations(sid).participants.create(draft);

    await expect(created).rejects.toMatchObject({ status: 400, code });
    expect(twilio.participants(sid)).toEqual([]);
  });

  test('are looked up with their conversations, closed ones included', async () => {
    const twilio = await aTwilio();
    const customer = { address: CUSTOMER, proxyAddress: SMS_NUMBER };
    const { sid } = twilio.createConversation({ friendlyName: 'Jane', participants: [customer] });
    const { participantConversations, conversations } = officialClient(twilio).conversations.v1;
    await conversations(sid).update({ state: 'closed' });

    const [found, ...others] = await participantConversations.list({ address: CUSTOMER });
    const ofWorker = await participantConversations.list({ identity: WORKER });

    expect(others).toEqual([]);
    expect(ofWorker).toEqual([]);
    expect(found).toMatchObject({
      conversationSid: sid,
      conversationState: 'closed',
      conversationFriendlyName: 'Jane',
      participantSid: twilio.participants(sid)[0]?.sid,
      participantMessagingBinding: { type: 'sms', address: CUSTOMER, proxy_address: SMS_NUMBER },
    });
    await expect(participantConversations.list()).rejects.toMatchObject({ status: 400, code: 50451 });
  });
});

describe('messages', () => {
  test('make an inactive conversation active', async () => {
    const twilio = await aTwilio();
    const { sid } = twilio.createConversation({ state: 'inactive' });

    await officialClient(twilio).conversations.v1.conversations(sid).messages.create({ body: 'Hello' });

    expect(twilio.conversation(sid)?.state).toBe('active');
  });
});

describe("Frontline's users", () => {
  test('are fetched by identity or SID, and changed', async () => {
    const twilio = await aTwilio({ users: [{ identity: WORKER, friendlyName: 'Ana', isAvailable: true }] });
    const { users } = officialClient(twilio).frontlineApi.v1;

    const user = await users(encodeURIComponent(WORKER)).fetch();
    const updated = await users(user.sid).update({ isAvailable: false, state: 'deactivated' });

    expect(user).toMatchObject({
      sid: sidOf('US'),
      identity: WORKER,
      friendlyName: 'Ana',
      state: 'active',
      isAvailable: true,
    });
    expect(updated).toMatchObject({ friendlyName: 'Ana', state: 'deactivated', isAvailable: false });
    expect(twilio.user(WORKER)?.state).toBe('deactivated');
  });

  test('are unknown until they have logged in, and are case-sensitive', async () => {
    const twilio = await aTwilio();
    const { users } = officialClient(twilio).frontlineApi.v1;

    twilio.setUser(WORKER, {});

    await expect(users('ANA@example.com').fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
    await expect(users(WORKER).fetch()).resolves.toMatchObject({ isAvailable: false });
  });
});

describe('errors', () => {
  test('name the missing resource', async () => {
    const twilio = await aTwilio();
    const unknown = 'CHffffffffffffffffffffffffffffffff';

    const listed = officialClient(twilio).conversations.v1.conversations(unknown).participants.list();

    await expect(listed).rejects.toMatchObject({
      status: 404,
      code: 20404,
      message: `The requested resource /v1/Conversations/${unknown}/Participants was not found`,
      moreInfo: 'https://www.twilio.com/docs/errors/20404',
    });
  });

  test('say that a deleted conversation is not found', async () => {
    const twilio = await aTwilio();
    const { sid } = twilio.createConversation({ participants: [{ identity: WORKER }] });
    const { conversations } = officialClient(twilio).conversations.v1;
    await conversations(sid).remove();

    const created = conversations(sid).participants.create({ identity: WORKER });

    await expect(created).rejects.toMatchObject({ status: 404, code: 50350 });
  });

  test('reject a wrong token before any other check', async () => {
    const twilio = await aTwilio();
    const client = officialClient(twilio, 'another token');

    await expect(client.conversations.v1.conversations.create()).rejects.toMatchObject({
      status: 401,
      code: 20003,
      message: 'Authenticate',
    });
    await expect(client.frontlineApi.v1.users('unknown').fetch()).rejects.toMatchObject({ status: 401 });
    expect(twilio.conversations()).toEqual([]);
  });

  test('name a parameter that the emulator does not support', async () => {
    const twilio = await aTwilio();

    const created = officialClient(twilio).conversations.v1.conversations.create({
      'bindings.email.address': 'a@example.com',
    });

    await expect(created).rejects.toMatchObject({
      status: 501,
      message: expect.stringContaining('Bindings.Email.Address'),
    });
  });

  test('reject a body that is not a form', async () => {
    const twilio = await aTwilio();
    const credentials = Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64');

    const response = await fetch(`${twilio.url}/v1/Conversations`, {
      method: 'POST',
      headers: { Authorization: `Basic ${credentials}`, 'Content-Type': 'application/json' },
      body: '{"FriendlyName":"Jane"}',
    });

    expect(response.status).toBe(400);
    expect(twilio.conversations()).toEqual([]);
  });
});
