import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { handler } from '../../lambdas/twilio-conversations';
import { proxyAddressFor, tellOf } from '../world/conversations';
import { startWorld, world } from '../world/use-world';
import { CREDENTIALS, type WorldOptions } from '../world/world';

const CUSTOMER = '+14155550123';
const AVATAR = 'https://example.com/jane.png';

async function worldOf(options: WorldOptions = {}) {
  await startWorld({
    customers: [{ id: 1, name: 'Jane Roe', sms: '(415) 555-0123', avatar: AVATAR }],
    ...options,
  });
}

/** The response to the event before a conversation begins; blank parameters of the event are left out. */
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
  test('returns the name and the avatar of the customer', async () => {
    await worldOf();

    const { status, body } = await begin(CUSTOMER);

    expect(status).toBe(200);
    expect(v.parse(ConversationChange, body)).toEqual({
      friendly_name: 'Jane Roe',
      attributes: { avatar: AVATAR },
    });
    expect([...world.airtableRequests, ...world.twilio.requests]).toEqual([]);
  });

  test('finds the customer who writes by WhatsApp', async () => {
    await worldOf({ customers: [{ id: 1, name: 'Jane Roe', whatsapp: CUSTOMER }] });

    expect((await begin(`whatsapp:${CUSTOMER}`)).body).toEqual({ friendly_name: 'Jane Roe' });
  });

  test('adds the avatar to the existing attributes of the conversation', async () => {
    await worldOf();

    const { body } = await begin(CUSTOMER, { Attributes: '{"campaign":"spring","avatar":""}' });

    expect(v.parse(ConversationChange, body).attributes).toEqual({ campaign: 'spring', avatar: AVATAR });
  });

  test.each([
    ['hold an avatar', '{"avatar":"https://example.com/chosen.png"}'],
    ['are no JSON', '{"avatar":'],
    ['are no object', '["avatar"]'],
    ['have no room for more', JSON.stringify({ history: 'x'.repeat(16_365) })],
  ])('does not change attributes that %s', async (_what, Attributes) => {
    await worldOf();

    const { status, body } = await begin(CUSTOMER, { Attributes });

    expect([status, body]).toEqual([200, { friendly_name: 'Jane Roe' }]);
  });

  test.each([CUSTOMER, `whatsapp:${CUSTOMER}`])(
    'names it after the bare number if no customer has %s',
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
  ])('shortens a name of many %s to Twilio’s limit', async (_what, name, shortened) => {
    await worldOf({ customers: [{ id: 7, name, sms: CUSTOMER }] });

    const { body } = await begin(CUSTOMER);

    expect(body).toEqual({ friendly_name: expect.stringMatching(shortened) });
  });

  test.each([
    ['has no address, as when a worker begins it', ''],
    ['is a group’s', '+14155550123, +14155550124'],
    ['comes from a short code', '24273'],
  ])('is left unchanged if it %s', async (_what, address) => {
    await worldOf();

    const { status, body } = await begin(address);

    expect([status, body]).toEqual([200, {}]);
    expect(world.airtableRequests).toEqual([]);
  });

  test.each(['server-error', 'throttled', 'connection-reset', 'stalled'] as const)(
    'names it after the bare number, in time, if the database has the fault %s',
    async (fault) => {
      await worldOf();
      world.database.fail(fault);

      const { status, body, log } = await begin(CUSTOMER);

      expect([status, body]).toEqual([200, { friendly_name: CUSTOMER }]);
      expect(log).toMatchObject([{ status: 200, warnings: [expect.stringContaining('number')] }]);
    },
  );

  test('names it after the bare number until the base has been read once', async () => {
    await worldOf({ synced: false });

    expect(await begin(CUSTOMER)).toMatchObject({ status: 200, body: { friendly_name: CUSTOMER } });
    expect(await world.awaitSyncStarts()).toEqual([{ run: 'schedule' }]);
  });

  test('does not need Airtable', async () => {
    await worldOf({ secret: JSON.stringify({ ...CREDENTIALS, AIRTABLE_API_KEY: 'patRevoked' }) });
    world.airtable.edit.renameTable('Customers', 'People');

    expect((await begin(CUSTOMER)).body).toMatchObject({ friendly_name: 'Jane Roe' });
  });

  test('names a customer by WhatsApp user id, and an unknown one after it', async () => {
    const id = 'US.13491208655302741918';
    await worldOf({ customers: [{ id: 1, name: 'Jane Roe', whatsapp: id }] });

    expect((await begin(`whatsapp:${id}`)).body).toEqual({ friendly_name: 'Jane Roe' });
    expect((await begin('whatsapp:BR.1A2B3C4D5E6F7G8H')).body).toEqual({
      friendly_name: 'BR.1A2B3C4D5E6F7G8H',
    });
  });
});

describe('onConversationAdd, if neither credentials nor configuration can be loaded,', () => {
  test.each(['internal-error', 'throttle', 'access-denied', 'stalled'] as const)(
    'returns an empty response in time, if Secrets Manager has the fault %s',
    async (fault) => {
      await worldOf();
      world.secrets.faults.always({ kind: fault });

      const { status, body, log } = await begin(CUSTOMER).finally(() => world.secrets.faults.clear());

      expect([status, body]).toEqual([200, {}]);
      expect(log).toMatchObject([{ level: 'WARN', failure: { name: 'Unavailable' } }]);
    },
  );

  test('waits until a short failure of Secrets Manager is over', async () => {
    await worldOf();
    world.secrets.faults.next(3, { kind: 'internal-error' });

    expect((await begin(CUSTOMER)).body).toMatchObject({ friendly_name: 'Jane Roe' });
  });

  test('returns an empty response if the secret is empty or a setting is missing', async () => {
    await worldOf({ secret: null });
    expect(await begin(CUSTOMER)).toMatchObject({ status: 200, body: {} });

    await worldOf({ settings: { TWILIO_SMS_NUMBER: '' } });
    expect(await begin(CUSTOMER)).toMatchObject({ status: 200, body: {} });
  });

  test('is still rejected if the signature is wrong', async () => {
    await worldOf();

    const parameters = { EventType: 'onConversationAdd', 'MessagingBinding.Address': CUSTOMER };
    const answer = await world.ask(handler, parameters, {
      path: '/callbacks/twilio-conversations',
      authToken: 'f'.repeat(32),
    });

    expect(answer.status).toBe(403);
  });
});
