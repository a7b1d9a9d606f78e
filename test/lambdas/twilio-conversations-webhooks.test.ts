import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Listening } from '../../emulators/core/http-server';
import { startGateway } from '../../emulators/gateway/gateway';
import type { Participant } from '../../emulators/twilio/conversation';
import { handler as route } from '../../lambdas/routing';
import { callbackPath } from '../../lambdas/twilio/callbacks';
import { handler as handleEvent } from '../../lambdas/twilio-conversations';
import { FUNCTION_TIMEOUTS_MS } from '../../lib/function-timeouts';
import { proxyAddressFor } from '../world/conversations';
import { customerRows } from '../world/crm';
import { type Captured, captureLogLines } from '../world/log-lines';
import { startWorld, world } from '../world/use-world';
import type { WorldOptions } from '../world/world';

const [ANA, DORA] = ['ana@example.com', 'dora@example.com'];
const CUSTOMER = '+14155550123';
const WHATSAPP = 'whatsapp:+4915112345678';
const AVATAR = 'https://example.com/jane.png';
const EVENTS = ['onConversationAdd', 'onParticipantAdded', 'onMessageAdd', 'onMessageAdded'];

const ROUTES = (
  [
    ['routing', route],
    ['twilio-conversations', handleEvent],
  ] as const
).map(([name, handler]) => [
  `POST ${callbackPath(name)}`,
  { name, timeoutMilliseconds: FUNCTION_TIMEOUTS_MS[name], handler },
]);

let gateway: Listening;
let log: { readonly taken: Captured; readonly stop: () => void };

beforeEach(async () => {
  log = captureLogLines();
  gateway = await startGateway({ routes: Object.fromEntries(ROUTES) });
});
afterEach(async () => {
  log.stop();
  await Promise.all([gateway.close(), world.close()]);
});

/** Twilio and the service as they are in production: each reaches the other over HTTP. */
async function connect(options: WorldOptions = {}, filters: readonly string[] = EVENTS) {
  await startWorld({
    customers: [
      { id: 98, name: 'Jane Roe', sms: '(415) 555-0123', owner: ANA, avatar: AVATAR },
      { id: 99, name: 'Jörg Weiß', whatsapp: '+49 1511 2345678', owner: DORA },
    ],
    ...options,
    settings: { DEFAULT_WORKER: DORA, ...options.settings, PUBLIC_BASE_URL: gateway.url },
  });
  const url = gateway.url + callbackPath('twilio-conversations');
  world.twilio.configureWebhooks({
    preUrl: url,
    postUrl: url,
    routingUrl: gateway.url + callbackPath('routing'),
    filters,
  });
}

/** Sends the customer's message; returns the conversation after every callback has responded. */
async function receive(from: string, body = 'Hello') {
  const { accepted, conversationSid, webhooks } = await world.twilio.receiveMessage({ from, body });
  const conversation = world.twilio.conversation(conversationSid ?? '');
  if (conversation === undefined) throw new Error('The message was lost: there is no conversation for it');
  return {
    accepted,
    conversation,
    participants: world.twilio.participants(conversation.sid).map(inShort),
    messages: world.twilio.messages(conversation.sid).map((message) => message.body),
    callbacks: webhooks.map(({ event, status }) => `${event} ${status}`),
  };
}

function inShort({ identity, messagingBinding, attributes }: Participant) {
  return { who: identity ?? messagingBinding?.address, attributes: JSON.parse(attributes) };
}

function send(conversationSid: string, body: string) {
  return world.twilio.sendAsWorker({ conversationSid, identity: ANA, body });
}

const optOuts = () => customerRows(world).map(({ fields }) => fields['opt_out']);

describe('a customer’s first message', () => {
  test('opens a conversation with their name, their data and their worker', async () => {
    await connect();

    const { accepted, conversation, participants, callbacks } = await receive(CUSTOMER);

    expect(accepted).toBe(true);
    expect(conversation).toMatchObject({ friendlyName: 'Jane Roe', problems: [] });
    expect(JSON.parse(conversation.attributes)).toEqual({ avatar: AVATAR });
    expect(participants).toEqual([
      { who: CUSTOMER, attributes: { customer_id: '98', display_name: 'Jane Roe', avatar: AVATAR } },
      { who: ANA, attributes: {} },
    ]);
    expect([...callbacks].sort()).toEqual([
      'onConversationAdd 200',
      'onMessageAdd 200',
      'onMessageAdded 200',
      'onParticipantAdded 200',
      'routing 200',
    ]);
    expect(log.taken.log.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  test('does so by WhatsApp, too', async () => {
    await connect();

    const { conversation, participants } = await receive(WHATSAPP);

    expect(conversation.friendlyName).toBe('Jörg Weiß');
    expect(participants).toEqual([
      { who: WHATSAPP, attributes: { customer_id: '99', display_name: 'Jörg Weiß' } },
      { who: DORA, attributes: {} },
    ]);
  });

  test('from a stranger opens a conversation named after the number, with a default worker', async () => {
    await connect();

    const { conversation, participants } = await receive('+14155559999');

    expect(conversation).toMatchObject({ friendlyName: '+14155559999', problems: [] });
    expect(participants).toEqual([
      { who: '+14155559999', attributes: {} },
      { who: DORA, attributes: {} },
    ]);
  });

  test('opens a named conversation if only the event after it is configured', async () => {
    await connect({}, ['onConversationAdded', 'onParticipantAdded']);

    const { conversation } = await receive(CUSTOMER);

    expect(conversation.friendlyName).toBe('Jane Roe');
    expect(JSON.parse(conversation.attributes)).toEqual({ avatar: AVATAR });
  });

  test('is not named twice if both events are configured', async () => {
    await connect({}, ['onConversationAdd', 'onConversationAdded']);

    const { conversation } = await receive(CUSTOMER);

    expect(conversation.friendlyName).toBe('Jane Roe');
    expect(world.airtableRequests).toEqual([]);
    expect(world.twilio.requests.filter(({ path }) => path.endsWith(conversation.sid))).toEqual([]);
  });

  test('arrives, and has a worker, while the database is down', async () => {
    await connect();
    world.database.fail('server-error');

    const { accepted, conversation, participants, messages } = await receive(CUSTOMER);

    expect(accepted).toBe(true);
    expect(conversation.problems).toEqual([]);
    expect(participants.map(({ who }) => who)).toEqual([CUSTOMER, DORA]);
    expect(messages).toEqual(['Hello']);
  });

  test('is followed by others into the same conversation, which is not routed again', async () => {
    await connect();

    const first = await receive(CUSTOMER);
    const second = await receive(CUSTOMER, 'Are you there?');

    expect(second.conversation.sid).toBe(first.conversation.sid);
    expect(second.callbacks).toEqual(['onMessageAdd 200', 'onMessageAdded 200']);
    expect(second.messages).toEqual(['Hello', 'Are you there?']);
  });
});

describe('opting out and in again', () => {
  test('blocks the worker’s messages between STOP and START, but none of the customer’s', async () => {
    await connect();
    const { conversation } = await receive(CUSTOMER, 'Stop');
    await world.sync();
    expect(optOuts()).toEqual(['true', undefined]);

    expect(await send(conversation.sid, 'Good news!')).toMatchObject({ accepted: false });
    const { accepted, messages } = await receive(CUSTOMER, 'start');
    expect(accepted).toBe(true);
    expect(messages).toEqual(['Stop', 'start']);

    await world.sync();
    expect(optOuts()).not.toContain('true');
    expect(await send(conversation.sid, 'Good news!')).toMatchObject({ accepted: true });
  });

  test('counts for a customer without a row as well', async () => {
    await connect({ customers: [], settings: { DEFAULT_WORKER: ANA } });
    const { conversation } = await receive(CUSTOMER, 'STOP');

    expect(await send(conversation.sid, 'Hello')).toMatchObject({ accepted: false });
  });

  test('is recorded while Airtable is down', async () => {
    await connect();
    world.airtable.faults.always({ kind: 'server-error' });
    const { conversation } = await receive(CUSTOMER, 'STOP');
    expect(await send(conversation.sid, 'Hello')).toMatchObject({ accepted: false });

    world.airtable.faults.clear();
    await world.sync();
    expect(optOuts()).toEqual(['true', undefined]);
  });

  test('has no effect if a worker writes STOP', async () => {
    await connect();
    const { conversation } = await receive(CUSTOMER);

    expect(await send(conversation.sid, 'STOP')).toMatchObject({ accepted: true });
    expect(optOuts()).toEqual([undefined, undefined]);
  });
});

describe('a request that is not from the account', () => {
  test('adds no worker to a conversation', async () => {
    await connect();
    const conversation = world.twilio.createConversation();

    const { status } = await fetch(gateway.url + callbackPath('routing'), {
      method: 'POST',
      headers: { 'x-twilio-signature': 'bm90IHR3aWxpbyBhdCBhbGw=' },
      body: new URLSearchParams({
        ConversationSid: conversation.sid,
        'MessagingBinding.Address': CUSTOMER,
        'MessagingBinding.ProxyAddress': proxyAddressFor(CUSTOMER),
      }),
    });

    expect(status).toBe(403);
    expect([...world.airtableRequests, ...world.twilio.requests]).toEqual([]);
  });
});
