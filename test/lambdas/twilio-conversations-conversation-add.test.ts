import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { proxyAddressFor, tellOf } from '../world/conversations';
import { CREDENTIALS, closeWorlds, World, type WorldOptions } from '../world/world';

let world: World;
afterEach(() => world.close());
afterAll(closeWorlds);

const CUSTOMER = '+14155550123';
const AVATAR = 'https://example.com/jane.png';
const ANSWER_MS = 4_000;

async function worldOf(options: WorldOptions = {}) {
  world = await World.start({
    customers: [{ id: 1, name: 'Jane Roe', sms: '(415) 555-0123', avatar: AVATAR }],
    ...options,
  });
}

/** The answer to the event before a conversation begins; blank parameters of the event are left out. */
function begin(address: string, parameters: Readonly<Record<string, string>> = {}) {
  return tellOf(world, 'onConversationAdd', {
    ...(address && { 'MessagingBinding.Address': address }),
    'MessagingBinding.ProxyAddress': proxyAddressFor(address),
    Attributes: '{}',
    MessageBody: 'Hello',
    State: 'active',
    ...parameters,
  });
}

const Attributes = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string()));
const ConversationChange = v.object({ friendly_name: v.string(), attributes: Attributes });

describe('onConversationAdd', () => {
  test('is answered with the name and the avatar of the customer', async () => {
    await worldOf();

    const { status, body } = await begin(CUSTOMER);

    expect(status).toBe(200);
    expect(v.parse(ConversationChange, body)).toEqual({
      friendly_name: 'Jane Roe',
      attributes: { avatar: AVATAR },
    });
    expect(world.airtableRequests).toHaveLength(1);
    expect(world.twilio.requests).toEqual([]);
  });

  test('finds the customer who writes by WhatsApp', async () => {
    await worldOf({ customers: [{ id: 1, name: 'Jane Roe', whatsapp: CUSTOMER }] });

    expect((await begin(`whatsapp:${CUSTOMER}`)).body).toEqual({ friendly_name: 'Jane Roe' });
  });

  test('adds the avatar to the attributes that the conversation has already', async () => {
    await worldOf();

    const { body } = await begin(CUSTOMER, { Attributes: '{"campaign":"spring","avatar":""}' });

    expect(v.parse(ConversationChange, body).attributes).toEqual({ campaign: 'spring', avatar: AVATAR });
  });

  test.each([
    ['hold an avatar', '{"avatar":"https://example.com/chosen.png"}'],
    ['are no JSON', '{"avatar":'],
    ['are no object', '["avatar"]'],
    ['have no room for more', JSON.stringify({ history: 'x'.repeat(16_365) })],
  ])('leaves attributes alone that %s', async (_what, Attributes) => {
    await worldOf();

    const { status, body } = await begin(CUSTOMER, { Attributes });

    expect([status, body]).toEqual([200, { friendly_name: 'Jane Roe' }]);
  });

  test.each([CUSTOMER, `whatsapp:${CUSTOMER}`])(
    'names it after the bare number where nobody has %s',
    async (address) => {
      await worldOf({ customers: [] });

      const { status, body } = await begin(address);

      expect([status, body]).toEqual([200, { friendly_name: CUSTOMER }]);
    },
  );

  test('has a name for a customer whose name is blank', async () => {
    await worldOf({ customers: [{ id: 7, sms: CUSTOMER }] });

    expect((await begin(CUSTOMER)).body).toEqual({ friendly_name: 'Customer 7' });
  });

  test.each([
    ['words', 'Jane '.repeat(100), /^Jane .{250}…$/],
    ['characters that count twice', '🌻'.repeat(200), /^(🌻){127}…$/u],
  ])('shortens a name of many %s to what Twilio takes', async (_what, name, shortened) => {
    await worldOf({ customers: [{ id: 7, name, sms: CUSTOMER }] });

    const { body } = await begin(CUSTOMER);

    expect(body).toEqual({ friendly_name: expect.stringMatching(shortened) });
  });

  test.each([
    ['has no address, as when a worker begins it', ''],
    ['is a group’s', '+14155550123, +14155550124'],
    ['comes from a short code', '24273'],
  ])('is left as it is where it %s', async (_what, address) => {
    await worldOf();

    const { status, body } = await begin(address);

    expect([status, body]).toEqual([200, {}]);
    expect(world.airtableRequests).toEqual([]);
  });

  test.each([
    ['is down', { kind: 'server-error' }],
    ['cannot be reached', { kind: 'connection-reset' }],
    ['limits the rate', { kind: 'rate-limit' }],
    ['says that the month’s quota is used up', { kind: 'monthly-quota' }],
    ['never ends its answer', { kind: 'stalled-body' }],
    ['answers late', { kind: 'slow', milliseconds: 9_000 }],
    ['answers with HTML', { kind: 'html' }],
  ] as const)(
    'lets the conversation begin without a name, in time, where Airtable %s',
    async (_how, fault) => {
      await worldOf();
      world.airtable.faults.always(fault);
      const startedAt = performance.now();

      const { status, body, log } = await begin(CUSTOMER);

      expect([status, body]).toEqual([200, {}]);
      expect(performance.now() - startedAt).toBeLessThan(ANSWER_MS);
      expect(log).toMatchObject([{ status: 200, warnings: [expect.stringContaining('Airtable')] }]);
    },
  );

  test('lets the conversation begin, and says what to do, where Airtable refuses the key', async () => {
    await worldOf({ secret: JSON.stringify({ ...CREDENTIALS, AIRTABLE_API_KEY: 'patRevoked' }) });

    const { status, body, log } = await begin(CUSTOMER);

    expect([status, body]).toEqual([200, {}]);
    expect(log).toMatchObject([{ warnings: [expect.stringContaining('AIRTABLE_API_KEY')] }]);
  });

  test('lets the conversation begin, and says what to do, where the base has no such table', async () => {
    await worldOf();
    world.airtable.edit.renameTable('Customers', 'People');

    const { status, body, log } = await begin(CUSTOMER);

    expect([status, body]).toEqual([200, {}]);
    expect(log).toMatchObject([{ warnings: [expect.stringContaining('Customers')] }]);
  });
});
