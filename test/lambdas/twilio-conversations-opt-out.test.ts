import { describe, expect, test } from '@jest/globals';
import type { Row } from '../../emulators/airtable/base-data';
import type { Conversation } from '../../emulators/twilio/conversation';
import { changeAtTwilio, conversationWith, tellOf } from '../world/conversations';
import { customerRows } from '../world/crm';
import { serviceMetrics } from '../world/metrics';
import { startWorld, world } from '../world/use-world';
import { SMS_NUMBER, type WorldOptions } from '../world/world';

const ANA = 'ana@example.com';
const CUSTOMER = '+14155550123';
const OTHER = '+14155550124';
const MEXICAN = 'whatsapp:+5215512345678';
const BRAZILIAN = 'whatsapp:+553188880003';
const USER_ID = 'whatsapp:US.13491208655302741918';
const CONVERSATION = `CH${'a'.repeat(32)}`;

async function worldOf(customers: readonly Row[], options: WorldOptions = {}) {
  await startWorld({ customers, ...options });
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
    ['by a word that the import takes for yes', CUSTOMER, { sms: CUSTOMER, opt_out: 'yes' }],
    ['by a text that is neither yes nor no', CUSTOMER, { sms: CUSTOMER, opt_out: 'maybe' }],
    ['and has two numbers in a cell', CUSTOMER, { sms: `${CUSTOMER} / ${OTHER}`, opt_out: 'true' }],
    ['and has an unreadable number', CUSTOMER, { sms: 'tel. x5550123', opt_out: 'true' }],
    ['and has a number with signs between', CUSTOMER, { sms: '+1415·5550123', opt_out: 'true' }],
    [
      'and has a Mexican number in its other form',
      MEXICAN,
      { whatsapp: '+52 55 1234 5678', opt_out: 'true' },
    ],
    [
      'and has a Brazilian number with the ninth digit',
      BRAZILIAN,
      { whatsapp: '+55 31 98888-0003', opt_out: 'x' },
    ],
    ['and has a WhatsApp user id', USER_ID, { whatsapp: USER_ID.slice(9), opt_out: 'true' }],
    ['and is written to by WhatsApp', `whatsapp:${CUSTOMER}`, { whatsapp: CUSTOMER, opt_out: 'true' }],
    ['and is written to on the other channel', `whatsapp:${CUSTOMER}`, { sms: CUSTOMER, opt_out: 'true' }],
  ])('rejects a worker’s message to a customer who opted out %s', async (_how, from, cells, columns = {}) => {
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
  ])('accepts a message to a customer who %s', async (_who, customers, columns = {}) => {
    await worldOf(customers, { columns });

    const { status, body } = await sending(conversationWith(world, [CUSTOMER]));

    expect([status, body]).toEqual([200, {}]);
  });

  test('rejects a message to a group with one opted-out member, and looks all of them up at once', async () => {
    await worldOf([
      { id: 1, name: 'Jane', sms: CUSTOMER },
      { id: 2, name: 'Joe', sms: OTHER, opt_out: 'true' },
    ]);
    const everyone = conversationWith(world, [CUSTOMER, OTHER, '+14155550125']);

    expect((await sending(everyone)).status).toBe(403);
    expect(world.airtableRequests).toEqual([]);

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

  test('sends no request when a customer or the API writes', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER, opt_out: 'true' }]);

    const { status, body } = await sending(conversationWith(world, [CUSTOMER]), {
      ClientIdentity: '',
      Author: CUSTOMER,
    });

    expect([status, body]).toEqual([200, {}]);
    expect([...world.airtableRequests, ...world.twilio.requests]).toEqual([]);
  });

  test('rejects if Twilio does not find the conversation, because its participants are unknown', async () => {
    await worldOf([]);
    const conversation = conversationWith(world, [CUSTOMER]);
    await changeAtTwilio(world, 'DELETE', `/Conversations/${conversation.sid}`);

    expect(await sending(conversation)).toMatchObject({ status: 403, body: { error: 'NotAllowed' } });
  });

  test.each([
    ['the database is down', () => world.database.fail('server-error')],
    ['the database is silent', () => world.database.fail('stalled')],
    ['the opt-outs cannot be read', () => world.database.fail('server-error', 'OptOuts')],
    ['the replica cannot be read', () => world.database.fail('server-error', 'Replica')],
    ['Twilio is down', () => world.twilio.faults.always({ kind: 'server-error' })],
    ['Twilio is silent', () => world.twilio.faults.always({ kind: 'stalled' })],
  ] as const)('refuses a message, in time, where %s and the opt-out is unknown', async (_what, fail) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }]);
    const conversation = conversationWith(world, [CUSTOMER]);
    fail();

    const { status } = await sending(conversation);

    expect(status).toBeGreaterThanOrEqual(500);
  });

  test('rejects until the base has been read once', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }], { synced: false });

    expect((await sending(conversationWith(world, [CUSTOMER]))).status).toBe(503);
    expect(await world.awaitSyncStarts()).toEqual([{ run: 'schedule' }]);
  });

  test.each([
    ['Airtable is down', () => world.airtable.faults.always({ kind: 'server-error' })],
    [
      'the column opt_out was renamed',
      () => world.airtable.edit.renameField('Customers', 'opt_out', 'Opt out'),
    ],
    ['the column sms was renamed', () => world.airtable.edit.renameField('Customers', 'sms', 'Mobile')],
  ] as const)('still refuses a message to a customer who opted out where %s', async (_what, happen) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER, opt_out: 'true' }]);
    happen();

    expect((await sending(conversationWith(world, [CUSTOMER]))).status).toBe(403);
    expect(world.airtableRequests).toEqual([]);
  });

  test('rejects a number that opted out and that no customer has, on the other channel too', async () => {
    await worldOf([]);
    await world.optOuts.record(CUSTOMER, anOptOut('2026-11-25T10:00:00.000Z'));

    expect((await sending(conversationWith(world, [CUSTOMER]))).status).toBe(403);
    expect((await sending(conversationWith(world, [`whatsapp:${CUSTOMER}`]))).status).toBe(403);
    expect((await sending(conversationWith(world, [OTHER]))).status).toBe(200);
  });

  test('rejects a customer who opted out by another of their numbers', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER, whatsapp: OTHER }]);
    await world.optOuts.record(`whatsapp:${OTHER}`, {
      ...anOptOut('2026-11-25T10:00:00.000Z'),
      channel: 'whatsapp',
    });

    expect((await sending(conversationWith(world, [CUSTOMER]))).status).toBe(403);
  });
});

/** STOP by SMS, or the given message. */
function anOptOut(at: string) {
  return { kind: 'opt-out', channel: 'sms', keyword: 'STOP', at, id: `IM${'d'.repeat(32)}` } as const;
}

describe('onMessageAdded', () => {
  /** The same day at this time, as the message with this letter. */
  const at = (time: string, letter: string) => ({
    DateCreated: `2026-11-25T${time}`,
    MessageSid: `IM${letter.repeat(32)}`,
  });

  function written(Author: string, Body: string, parameters: Readonly<Record<string, string>> = {}) {
    const usual = {
      ConversationSid: CONVERSATION,
      MessageSid: `IM${'b'.repeat(32)}`,
      Index: '0',
      RetryCount: '0',
    };
    return tellOf(world, 'onMessageAdded', { ...usual, Author, Body, Attributes: '{}', ...parameters });
  }

  /** The response's status when Ana writes. */
  async function statusOfSending({ sid }: Conversation): Promise<number> {
    return (await tellOf(world, 'onMessageAdd', { ConversationSid: sid, ClientIdentity: ANA })).status;
  }

  /** The record under an address, or a record id. */
  const kept = (partition: string) => world.optOuts.eventsOf([partition]);
  const recordIds = () => customerRows(world).map(({ id }) => id);
  const ticks = () => customerRows(world).map(({ fields }) => fields['opt_out']);

  test.each(['STOP', '“Revoke” 🛑'])(
    'records the opt-out of a customer who writes "%s", and sync ticks the base',
    async (word) => {
      await worldOf([{ id: 1, name: 'Jane', sms: '(415) 555-0123' }]);

      const { status, body } = await written(CUSTOMER, word);

      expect([status, body]).toEqual([200, {}]);
      expect(await kept(CUSTOMER)).toMatchObject([{ kind: 'opt-out', channel: 'sms' }]);
      expect(await kept(String(recordIds()[0]))).toMatchObject([{ kind: 'opt-out' }]);
      expect(await world.awaitSyncStarts()).toEqual([{ run: 'changes' }]);
      expect(world.airtableRequests).toEqual([]);
      await world.sync();
      expect(ticks()).toEqual(['true']);
    },
  );

  test.each(['START', ' yes! '])('revokes it when they write "%s"', async (word) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }], { columns: { opt_out: 'checkbox' } });
    await written(CUSTOMER, 'STOP', at('10:00:00.000Z', 'b'));
    await world.sync();
    expect(ticks()).toEqual([true]);

    expect((await written(CUSTOMER, word, at('11:00:00.000Z', 'c'))).status).toBe(200);
    await world.sync();

    expect(ticks()).toEqual([undefined]);
  });

  test('records when the message was written, and its SID, in any order of arrival', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }]);
    const conversation = conversationWith(world, [CUSTOMER]);

    await written(CUSTOMER, 'STOP', at('11:00:00.000Z', 'c'));
    await written(CUSTOMER, 'START', at('10:00:00.000Z', 'b'));
    expect(await statusOfSending(conversation)).toBe(403);

    // The repeated START is not newer than the first one.
    await written(CUSTOMER, 'START', at('10:00:00.000Z', 'b'));
    expect(await statusOfSending(conversation)).toBe(403);

    expect(await kept(CUSTOMER)).toHaveLength(2);
    expect(await kept(CUSTOMER)).toContainEqual({
      kind: 'opt-out',
      channel: 'sms',
      keyword: 'STOP',
      at: '2026-11-25T11:00:00.000Z',
      id: `IM${'c'.repeat(32)}`,
    });
  });

  test.each([
    ['START by WhatsApp', `whatsapp:${CUSTOMER}`, 'START'],
    ['YES by WhatsApp', `whatsapp:${CUSTOMER}`, 'Yes!'],
  ])('is not revoked by %s if it came by SMS', async (_what, author, word) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER, whatsapp: CUSTOMER }]);
    await written(CUSTOMER, 'STOP', at('10:00:00.000Z', 'b'));
    await written(author, word, at('11:00:00.000Z', 'c'));

    expect(await statusOfSending(conversationWith(world, [CUSTOMER]))).toBe(403);
  });

  test.each([
    ['is missing', undefined],
    ['is blank', ''],
    ['is not a time', 'yesterday'],
    ['is a number', '1'],
  ])('counts from its arrival if DateCreated %s', async (_what, DateCreated) => {
    await worldOf([]);
    const before = Date.now();

    await written(CUSTOMER, 'STOP', DateCreated === undefined ? {} : { DateCreated });

    const [event] = await kept(CUSTOMER);
    expect(Date.parse(event?.at ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(event?.at ?? '')).toBeLessThanOrEqual(Date.now());
  });

  test('applies a word by WhatsApp to every customer with the number', async () => {
    await worldOf([
      { id: 1, name: 'Jane', whatsapp: CUSTOMER },
      { id: 2, name: 'Jane again', sms: '415 555 0123', opt_out: 'false' },
      { id: 3, name: 'Joe', sms: OTHER },
      { id: 4, name: 'Unreadable', sms: 'tel. x5550123' },
    ]);

    await written(`whatsapp:${CUSTOMER}`, 'STOP');

    const [one, two, three, four] = recordIds();
    for (const opted of [one, two, four]) expect(await kept(String(opted))).toHaveLength(1);
    expect(await kept(String(three))).toEqual([]);
  });

  test('revokes nothing for a customer with an unreadable number', async () => {
    await worldOf([{ id: 1, name: 'Unreadable', sms: 'tel. x5550123' }]);

    await written(CUSTOMER, 'START');

    expect(await kept(String(recordIds()[0]))).toEqual([]);
  });

  test.each([
    ['that no customer has', '+14155550188'],
    ['of a Mexican number in its other form', MEXICAN],
    ['that is a WhatsApp user id', 'whatsapp:BR.1A2B3C4D5E6F7G8H'],
  ])('records the opt-out of an address %s, and logs it', async (_what, author) => {
    await worldOf([{ id: 1, name: 'Joe', sms: OTHER }]);

    const answer = await written(author, 'STOP');

    expect(answer.status).toBe(200);
    expect(await kept(author)).toMatchObject([{ kind: 'opt-out' }]);
    expect(serviceMetrics(answer)).toMatchObject({ OptOutsWithoutCustomer: 1 });
    expect(answer.log).toMatchObject([{ warnings: [expect.stringContaining('no customer has')] }]);
    expect(await statusOfSending(conversationWith(world, [author]))).toBe(403);
  });

  test('accepts a team’s own words, in any script', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }], {
      settings: { OPT_OUT_WORDS: 'DETÉN, стоп', OPT_IN_WORDS: 'ALTA' },
    });

    await written(CUSTOMER, 'detén', at('10:00:00.000Z', 'b'));
    await written(CUSTOMER, 'Стоп!', at('11:00:00.000Z', 'c'));
    await written(CUSTOMER, 'alta', at('12:00:00.000Z', 'd'));

    expect((await kept(CUSTOMER)).map(({ kind }) => kind).sort()).toEqual(['opt-in', 'opt-out', 'opt-out']);
  });

  test.each([
    ['more than the word', CUSTOMER, 'STOP PLEASE', {}],
    ['anything else', CUSTOMER, 'Don’t stop me now', {}],
    ['no text, but a picture', CUSTOMER, '', {}],
    ['the word, written by a worker', ANA, 'STOP', { ClientIdentity: ANA }],
    ['the word, written by a worker with a number', CUSTOMER, 'STOP', { ClientIdentity: CUSTOMER }],
    ['the word, sent by the API', 'system', 'STOP', {}],
    ['the word from a short code', '24273', 'STOP', {}],
  ])('sends no request about %s', async (_what, author, body, parameters) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }]);

    const answer = await written(author, body, parameters);

    expect([answer.status, answer.body]).toEqual([200, {}]);
    expect([...world.airtableRequests, ...world.twilio.requests]).toEqual([]);
  });

  test.each([
    ['Airtable is down', () => world.airtable.faults.always({ kind: 'server-error' })],
    ['Airtable throttles', () => world.airtable.faults.always({ kind: 'rate-limit' })],
    ['the table is gone', () => world.airtable.edit.renameTable('Customers', 'People')],
    ['the replica cannot be read', () => world.database.fail('server-error', 'Replica')],
  ] as const)('is kept where %s', async (_what, fail) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }]);
    fail();

    expect((await written(CUSTOMER, 'STOP')).status).toBe(200);
    expect(await kept(CUSTOMER)).toMatchObject([{ kind: 'opt-out' }]);
  });

  test('is recorded before the base has been read once', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }], { synced: false });

    expect((await written(CUSTOMER, 'STOP')).status).toBe(200);
    expect(await kept(CUSTOMER)).toHaveLength(1);
    await world.sync();
    expect(ticks()).toEqual(['true']);
  });

  // More requests than one attempt to record sends.
  test.each([
    ['server-error', 4],
    ['throttled', 4],
    ['connection-reset', 4],
    ['stalled', 1],
  ] as const)('is recorded if the database has the fault %s for %d requests', async (fault, times) => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }]);
    world.database.fail(fault, 'OptOuts', times);

    const { status } = await written(CUSTOMER, 'STOP');

    expect(status).toBe(200);
    expect(await kept(CUSTOMER)).toMatchObject([{ kind: 'opt-out' }]);
  });

  test.each(['server-error', 'stalled'] as const)(
    'that cannot be recorded is a 503 in time, with an error in the log that names conversation and message: %s',
    async (fault) => {
      await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }]);
      world.database.fail(fault);

      const answer = await written(CUSTOMER, 'STOP');

      expect(answer.status).toBe(503);
      expect(serviceMetrics(answer)).toMatchObject({ OptOutsNotKept: 1 });
      expect(answer.log).toMatchObject([
        {
          level: 'ERROR',
          conversationSid: CONVERSATION,
          messageSid: `IM${'b'.repeat(32)}`,
          warnings: expect.arrayContaining([expect.stringContaining('NOT recorded')]),
        },
      ]);
    },
  );

  test('that cannot even be checked, because there are no credentials, is logged alike', async () => {
    await worldOf([], { secret: null });

    const answer = await written(CUSTOMER, 'STOP');

    expect(answer.status).toBe(503);
    expect(serviceMetrics(answer)).toMatchObject({ OptOutsNotKept: 1 });
    expect(answer.log).toMatchObject([{ conversationSid: CONVERSATION, messageSid: `IM${'b'.repeat(32)}` }]);
    expect(JSON.stringify(answer.body)).not.toMatch(/opt|secret/i);
  });

  test('does not need the function sync', async () => {
    await worldOf([{ id: 1, name: 'Jane', sms: CUSTOMER }], { settings: { SYNC_FUNCTION_NAME: '' } });

    const { status, log } = await written(CUSTOMER, 'STOP');

    expect(status).toBe(200);
    expect(log).toMatchObject([{ warnings: [expect.stringContaining('SYNC_FUNCTION_NAME')] }]);
  });
});
