import { describe, expect, test } from '@jest/globals';
import { twilioTeardownStep } from '../../../cli/twilio/twilio-teardown-step';
import type { TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import { SMS_NUMBER, WHATSAPP_NUMBER } from '../../emulators/twilio/account';
import { idsWith } from '../doctor/examine';
import {
  ANA,
  applied,
  CALLBACK_URL,
  FOREIGN_URL,
  IDS,
  OUR_EVENTS,
  settingsFor,
  writes,
} from './frontline-account';
import {
  anAccountWithoutFrontline,
  diagnoseInbox,
  firstService,
  INBOX_FILTERS,
  inboxSteps,
  SIDS,
  secondService,
} from './inbox-account';

const OURS = 'Frontline Airtable';

async function setUp(twilio: TwilioEmulator, env = {}, replaceExisting = false) {
  const steps = inboxSteps(twilio, env, replaceExisting);
  await applied(steps.messaging());
  const plan = await applied(steps.twilio());
  return { steps, plan, env: { ...env, ...steps.saved } };
}

const hooksOf = ({ configuration }: TwilioEmulator) =>
  Object.fromEntries(
    configuration.services.map(({ friendlyName, webhooks }) => [friendlyName, webhooks.preUrl]),
  );

test('an account with nothing but numbers is set up whole: the doctor passes, a second plan is empty', async () => {
  const twilio = await anAccountWithoutFrontline();

  const { steps, plan, env } = await setUp(twilio);

  const [created, ...others] = twilio.configuration.services;
  expect(plan.manualSteps).toEqual([]);
  expect(others).toEqual([]);
  expect(created).toMatchObject({
    friendlyName: OURS,
    webhooks: { preUrl: CALLBACK_URL, postUrl: CALLBACK_URL, filters: INBOX_FILTERS },
  });
  expect(twilio.configuration.defaultChatServiceSid).toBe(created?.sid);
  expect(
    twilio.configuration.addresses.map(({ address, autoCreation }) => [
      address,
      autoCreation.conversationServiceSid,
    ]),
  ).toEqual([
    [SMS_NUMBER, created?.sid],
    [WHATSAPP_NUMBER, created?.sid],
  ]);
  const before = writes(twilio);
  expect(await steps.messaging().plan()).toMatchObject({ changes: [], manualSteps: [] });
  expect(await steps.twilio().plan()).toMatchObject({ changes: [], manualSteps: [] });
  expect(idsWith(await diagnoseInbox(twilio, env), 'pass')).toEqual([...IDS, 'messaging-service']);
  expect(writes(twilio)).toEqual(before);
});

test("Frontline's API is never asked: the account may not have it", async () => {
  const twilio = await anAccountWithoutFrontline();

  const { env } = await setUp(twilio);
  await diagnoseInbox(twilio, env);

  expect(twilio.requests.filter(({ path }) => /^\/v1\/Users\//.test(path))).toEqual([]);
});

describe('the conversation service', () => {
  test.each([
    ['the default', [firstService('Chats'), secondService('Other')], SIDS.second, 'Other'],
    ['the only one', [firstService('Chats')], null, 'Chats'],
    [
      'the one that notifies this stack',
      [firstService('A'), secondService('B', { postUrl: CALLBACK_URL })],
      null,
      'B',
    ],
    ['the one that an interrupted setup made', [firstService('A'), secondService(OURS)], null, OURS],
  ])('is %s', async (_which, services, defaultChatServiceSid, expected) => {
    const twilio = await anAccountWithoutFrontline({ configuration: { services, defaultChatServiceSid } });

    const { plan } = await setUp(twilio);

    expect(plan.manualSteps).toEqual([]);
    expect(hooksOf(twilio)[expected]).toBe(CALLBACK_URL);
    const { sid } = twilio.configuration.services.find(({ friendlyName }) => friendlyName === expected) ?? {};
    expect(twilio.configuration.defaultChatServiceSid).toBe(sid);
    expect(twilio.configuration.services).toHaveLength(services.length);
  });

  test('is a new one if several could be meant, and the others stay as they are', async () => {
    const services = [firstService('A'), secondService('B', { postUrl: FOREIGN_URL })];
    const twilio = await anAccountWithoutFrontline({ configuration: { services } });

    await setUp(twilio);

    expect(hooksOf(twilio)).toEqual({ A: null, B: null, [OURS]: CALLBACK_URL });
    expect(twilio.configuration.services).toEqual(expect.arrayContaining(services));
  });

  test('that serves Frontline already gets the further events of the inbox, and a teardown takes them back', async () => {
    const webhooks = { preUrl: CALLBACK_URL, postUrl: CALLBACK_URL, filters: ['onUserAdded', ...OUR_EVENTS] };
    const services = [firstService('Frontline Service', webhooks)];
    const configuration = { services, defaultChatServiceSid: SIDS.first };
    const twilio = await anAccountWithoutFrontline({ configuration });

    const before = await diagnoseInbox(twilio);
    const { env } = await setUp(twilio, { ROUTING: 'frontline', DEFAULT_WORKER: '' });

    expect(before.get('webhooks')).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/missing event filters: onConversationAdded, .*onParticipantUpdated$/),
    });
    const filters = () => [...(twilio.configuration.services[0]?.webhooks.filters ?? [])].sort();
    expect(filters()).toEqual([...INBOX_FILTERS, 'onUserAdded'].sort());
    const settings = settingsFor(twilio, { INBOX: 'true', ...env });
    await applied(twilioTeardownStep({ settings, callbackUrl: CALLBACK_URL }));
    expect(filters()).toEqual(['onUserAdded']);
  });

  test("is Frontline's where the account has Frontline: both work on the same chats", async () => {
    const services = [firstService('Frontline Service'), secondService('B')];
    const twilio = await anAccountWithoutFrontline({
      configuration: { services, defaultChatServiceSid: SIDS.first },
    });

    await setUp(twilio);

    expect(hooksOf(twilio)).toEqual({ 'Frontline Service': CALLBACK_URL, B: null });
  });

  test('of another integration is left alone, unless it may be replaced', async () => {
    const services = [firstService('Flex', { preUrl: FOREIGN_URL, filters: ['onMessageAdd'] })];
    const configuration = { services, defaultChatServiceSid: SIDS.first };
    const twilio = await anAccountWithoutFrontline({ configuration });

    const { plan, env } = await setUp(twilio);

    expect(plan.manualSteps).toEqual([
      {
        what: expect.stringContaining('belong to another integration: https://bot.example.org/hooks?…'),
        fix: expect.stringContaining('--replace-existing'),
      },
    ]);
    expect(hooksOf(twilio)).toEqual({ Flex: FOREIGN_URL });
    await setUp(twilio, env, true);
    expect(hooksOf(twilio)).toEqual({ Flex: CALLBACK_URL });
  });

  test('is judged by the doctor without access to AWS, unless several could be meant', async () => {
    const twilio = await anAccountWithoutFrontline({ configuration: { services: [firstService('Chats')] } });
    const { env } = await setUp(twilio);

    const results = await diagnoseInbox(twilio, env, undefined, () =>
      Promise.reject(new Error('No AWS region')),
    );

    expect(results.get('conversation-service')).toMatchObject({ status: 'pass' });
    expect(results.get('webhooks')).toMatchObject({ status: 'fail', message: 'No AWS region' });
  });

  test('is not created twice if setup stops right after it was created', async () => {
    const twilio = await anAccountWithoutFrontline({
      configuration: { services: [firstService('A'), secondService('B')] },
    });
    const { changes } = await inboxSteps(twilio).twilio().plan();

    await changes[0]?.apply(() => undefined);
    await changes[0]?.apply(() => undefined);
    await setUp(twilio);

    expect(Object.keys(hooksOf(twilio))).toEqual(['A', 'B', OURS]);
  });
});

describe('default workers', () => {
  const gone = [
    { identity: ANA, isActive: true },
    { identity: 'ben@example.com', isActive: false },
  ];

  test.each([
    [ANA, gone, 'pass', /can take conversations/],
    [`${ANA}, ben@example.com`, gone, 'fail', /^ben@example\.com is removed$/],
    ['Ana@example.com', gone, 'fail', /^Ana@example\.com is not a worker of the inbox$/],
    ['', gone, 'pass', /owners of customers take turns/],
  ])('%j are compared with the workers of the inbox', async (DEFAULT_WORKER, workers, status, message) => {
    const twilio = await anAccountWithoutFrontline();
    const { env } = await setUp(twilio);

    const results = await diagnoseInbox(twilio, { ...env, DEFAULT_WORKER }, workers);

    expect(results.get('default-worker')).toMatchObject({ status, message: expect.stringMatching(message) });
  });

  test('are left to the doctor by setup, before which no worker can be invited', async () => {
    const twilio = await anAccountWithoutFrontline();

    const { plan } = await setUp(twilio);

    expect(plan.upToDate).toContainEqual(
      `DEFAULT_WORKER (${ANA}): npx frontline doctor compares it with the workers of the inbox`,
    );
  });
});

test.each([
  [
    ['conversations', 'content', 'media', 'messaging', 'account'],
    'pass',
    /^reads Conversations, Content, Media$/,
  ],
  [['conversations', 'messaging', 'account'], 'fail', /^the key has no permission for Content, Media$/],
  [[], 'fail', /^Twilio rejects TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET$/],
] as const)('an API key that may use %j: the doctor says %s', async (apis, status, message) => {
  const key = { sid: `SK${'a'.repeat(32)}`, secret: 'secret-of-the-key' };
  const twilio = await anAccountWithoutFrontline({ apiKeys: [{ ...key, apis }] });

  const results = await diagnoseInbox(twilio, {
    TWILIO_API_KEY_SID: key.sid,
    TWILIO_API_KEY_SECRET: key.secret,
  });

  expect(results.get('twilio-token')?.status).toBe('pass');
  expect(results.get('twilio-api-key')).toMatchObject({ status, message: expect.stringMatching(message) });
  if (status === 'fail') expect(idsWith(results, 'fail')).toEqual(['twilio-api-key']);
});
