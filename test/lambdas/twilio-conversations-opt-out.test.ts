import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { Row } from '../../local/airtable/base-data';
import type { Conversation } from '../../local/twilio/conversation';
import { changeAtTwilio, conversationWith, tellOf } from '../world/conversations';
import { customerRows } from '../world/crm';
import { closeWorlds, SMS_NUMBER, World, type WorldOptions } from '../world/world';

let world: World;
afterEach(() => world.close());
afterAll(closeWorlds);

const ANA = 'ana@example.com';
const CUSTOMER = '+14155550123';
const OTHER = '+14155550124';
const CONVERSATION = `CH${'a'.repeat(32)}`;

async function worldOf(customers: readonly Row[], options: WorldOptions = {}) {
  world = await World.start({ customers, ...options });
}

describe('onMessageAdd', () => {
  /** Ana is about to write to a conversation. */
  function sending({ sid }: Pick<Conversation, 'sid'>, parameters: Readonly<Record<string, string>> = {}) {
    return tellOf(world, 'onMessageAdd', {
      ConversationSid: sid,
      ClientIdentity: ANA,
      Author: ANA,
      Body: 'Good news!',
      Attributes: '{}',
      ...parameters,
    });
  }

  test.each<[how: string, from: string, cells: Row, columns?: WorldOptions['columns']]>([
    ['by text', CUSTOMER, { sms: CUSTOMER, opt_out: 'true' }],
    ['by text in capitals, with spaces', CUSTOMER, { sms: '(415) 555-0123', opt_out: ' TRUE ' }],
    ['by a checkbox', CUSTOMER, { sms: CUSTOMER, opt_out: true }, { opt_out: 'checkbox' }],
    ['and is written to by WhatsApp', `whatsapp:${CUSTOMER}`, { whatsapp: CUSTOMER, opt_out: 'true' }],
    ['and is written to on the other channel', `whatsapp:${CUSTOMER}`, { sms: CUSTOMER, opt_out: 'true' }],
  ])('refuses a worker’s message to a customer who opted out %s', async (_how, from, cells, columns = {}) => {
    await worldOf([{ id: 1, name: 'Jane', ...cells }], { columns });

    const { status, body } = await sending(conversationWith(world, [from]));

    expect(status).toBe(403);
    expect(body).toMatchObject({
      error: 'NotAllowed',
      friendly_error_message: expect.stringContaining('opted out'),
    });
  });

  test.each<[who: string, customers: readonly Row[], columns?: WorldOptions['columns']]>([
    ['has no row', []],
    ['has a blank cell', [{ id: 1, name: 'Jane', sms: CUSTOMER }]],
    ['opted in again', [{ id: 1, name: 'Jane', sms: CUSTOMER, opt_out: 'false' }]],
    ['is in a base without the column', [{ id: 1, name: 'Jane', sms: CUSTOMER }], { opt_out: null }],
  ])('lets a message through to a customer who %s', async (_who, customers, columns = {}) => {
    await worldOf(customers, { columns });

    const { status, body } = await sending(conversationWith(world, [CUSTOMER]));

    expect([status, body]).toEqual([200, {}]);
  });

  test('refuses a message to a group of which one opted out, and looks all of them up at once', async () => {
    await worldOf([
      { id: 1, name: 'Jane', sms: CUSTOMER },
      { id: 2, name: 'Joe', sms: OTHER, opt_out: 'true' },
    ]);
    const everyone = conversationWith(world, [CUSTOMER, OTHER, '+14155550125']);

    expect((await sending(everyone)).status).toBe(403);
    expect(world.airtableRequests).toHaveLength(1);

    const others = world.twilio.createConversation({
      participants: [{ identity: ANA }, { identity: 'bob' }],
    });
    expect((await sending(others)).status).toBe(200);
  });

  test('finds the customer who opted out among many workers', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER, opt_out: 'true' }]);
    const workers = Array.from({ length: 60 }, (_, number) => ({ identity: `worker ${number}` }));
    const customer = { address: CUSTOMER, proxyAddress: SMS_NUMBER };
    const conversation = world.twilio.createConversation({ participants: [...workers, customer] });

    expect((await sending(conversation)).status).toBe(403);
  });

  test('asks nobody about what a customer or the API writes', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER, opt_out: 'true' }]);

    const { status, body } = await sending(conversationWith(world, [CUSTOMER]), {
      ClientIdentity: '',
      Author: CUSTOMER,
    });

    expect([status, body]).toEqual([200, {}]);
    expect([...world.airtableRequests, ...world.twilio.requests]).toEqual([]);
  });

  test('leaves it to Twilio where the conversation is gone', async () => {
    await worldOf([]);
    const conversation = conversationWith(world, [CUSTOMER]);
    await changeAtTwilio(world, 'DELETE', `/Conversations/${conversation.sid}`);

    expect((await sending(conversation)).status).toBe(200);
  });

  test.each([
    ['Airtable is down', () => world.airtable.faults.always({ kind: 'server-error' })],
    ['Airtable is silent', () => world.airtable.faults.always({ kind: 'stalled-body' })],
    ['the month’s quota is used up', () => world.airtable.faults.always({ kind: 'monthly-quota' })],
    ['Twilio is down', () => world.twilio.faults.always({ kind: 'server-error' })],
    ['Twilio is silent', () => world.twilio.faults.always({ kind: 'stalled' })],
  ] as const)('refuses a message, in time, where %s and nobody knows', async (_what, fail) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }]);
    const conversation = conversationWith(world, [CUSTOMER]);
    fail();
    const startedAt = performance.now();

    const { status } = await sending(conversation);

    expect(status).toBeGreaterThanOrEqual(500);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});

describe('onMessageAdded', () => {
  function written(Author: string, Body: string, parameters: Readonly<Record<string, string>> = {}) {
    const usual = {
      ConversationSid: CONVERSATION,
      MessageSid: `IM${'b'.repeat(32)}`,
      Index: '0',
      RetryCount: '0',
    };
    return tellOf(world, 'onMessageAdded', { ...usual, Author, Body, Attributes: '{}', ...parameters });
  }

  const optOuts = () => customerRows(world).map(({ fields }) => fields['opt_out']);
  const writes = () => world.airtableRequests.filter(({ method }) => method !== 'POST');

  test.each(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE', ' Stop.\n'])(
    'opts the customer out who writes "%s"',
    async (word) => {
      await worldOf([{ id: 1, name: 'Jane', sms: '(415) 555-0123' }]);

      const { status, body } = await written(CUSTOMER, word);

      expect([status, body]).toEqual([200, {}]);
      expect(optOuts()).toEqual(['true']);
    },
  );

  test.each(['START', 'YES', 'UNSTOP', ' yes! '])(
    'opts the customer in again who writes "%s"',
    async (word) => {
      await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER, opt_out: 'true' }]);

      expect((await written(CUSTOMER, word)).status).toBe(200);
      expect(optOuts()).toEqual(['false']);
    },
  );

  test('ticks and clears a checkbox', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }], { columns: { opt_out: 'checkbox' } });

    await written(CUSTOMER, 'STOP');
    expect(optOuts()).toEqual([true]);

    await written(CUSTOMER, 'START');
    expect(optOuts()).toEqual([undefined]);
  });

  test('counts a word by WhatsApp for everyone who has the number', async () => {
    await worldOf([
      { id: 1, name: 'Jane', whatsapp: CUSTOMER },
      { id: 2, name: 'Jane, once more', sms: '415 555 0123', opt_out: 'false' },
      { id: 3, name: 'Joe', sms: OTHER },
    ]);

    await written(`whatsapp:${CUSTOMER}`, 'STOP');

    expect(optOuts()).toEqual(['true', 'true', undefined]);
  });

  test.each([
    ['STOP', { opt_out: 'true' }],
    ['START', { opt_out: 'false' }],
    ['START', {}],
  ])('writes nothing where %s finds the customer in that state', async (word, cells) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER, ...cells }]);

    expect((await written(CUSTOMER, word)).status).toBe(200);
    expect(writes()).toEqual([]);
  });

  test.each([
    ['more than the word', CUSTOMER, 'STOP PLEASE', {}],
    ['two words', CUSTOMER, 'OPT OUT', {}],
    ['anything else', CUSTOMER, 'Don’t stop me now', {}],
    ['no text, but a picture', CUSTOMER, '', {}],
    ['the word, written by a worker', ANA, 'STOP', { ClientIdentity: ANA }],
    ['the word, written by a worker with a number', CUSTOMER, 'STOP', { ClientIdentity: CUSTOMER }],
    ['the word, sent by the API', 'system', 'STOP', {}],
    ['the word from a short code', '24273', 'STOP', {}],
  ])('asks nobody about %s', async (_what, author, body, parameters) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }]);

    const answer = await written(author, body, parameters);

    expect([answer.status, answer.body]).toEqual([200, {}]);
    expect([...world.airtableRequests, ...world.twilio.requests]).toEqual([]);
  });

  test('accepts the word from an author whom the base does not know', async () => {
    await worldOf([{ id: 1, name: 'Joe', sms: OTHER }]);

    const { status, log } = await written(CUSTOMER, 'STOP');

    expect(status).toBe(200);
    expect(optOuts()).toEqual([undefined]);
    expect(log).toMatchObject([
      { warnings: ['An opt-out from a number that no customer has: nothing is kept of it'] },
    ]);
  });

  test('keeps the message’s text and the number out of the log', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }]);

    const { log } = await written(CUSTOMER, 'Stopall', { MessageSid: `IM${'c'.repeat(32)}` });

    expect(log).toMatchObject([{ event: 'onMessageAdded', conversationSid: CONVERSATION, status: 200 }]);
    expect(JSON.stringify(log)).not.toMatch(/Stopall|4155550123/);
  });

  test.each([
    ['Airtable is down', {}, () => world.airtable.faults.always({ kind: 'server-error' }), 503],
    ['the base has no such column', { opt_out: null }, () => {}, 503],
    ['the column is computed', { opt_out: 'formula' }, () => {}, 502],
  ] as const)('tells of it where %s', async (_what, columns, fail, expected) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }], { columns });
    fail();

    const { status, log } = await written(CUSTOMER, 'STOP');

    expect(status).toBe(expected);
    expect(log).toMatchObject([{ level: 'ERROR' }]);
  });
});
