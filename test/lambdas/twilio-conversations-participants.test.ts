import { describe, expect, test } from '@jest/globals';
import type { Conversation, Participant } from '../../emulators/twilio/conversation';
import { changeAtTwilio, proxyAddressFor, tellOf } from '../world/conversations';
import { startWorld, world } from '../world/use-world';
import type { WorldOptions } from '../world/world';

const CUSTOMER = '+14155550123';
const AVATAR = 'https://example.com/jane.png';
const JANE = { customer_id: '98', display_name: 'Jane Roe', avatar: AVATAR };

/** A conversation that a customer has just joined. */
async function worldWith(
  { address = CUSTOMER, attributes = '{}' }: { address?: string; attributes?: string } = {},
  options: WorldOptions = {},
): Promise<{ conversation: Conversation; participant: Participant }> {
  await startWorld({
    customers: [{ id: 98, name: 'Jane Roe', sms: '415-555-0123', avatar: AVATAR }],
    ...options,
  });
  const conversation = world.twilio.createConversation({
    participants: [{ address, proxyAddress: proxyAddressFor(address), attributes }],
  });
  return { conversation, participant: onlyParticipantOf(conversation) };
}

function onlyParticipantOf({ sid }: Conversation): Participant {
  const [participant] = world.twilio.participants(sid);
  if (participant === undefined) throw new Error(`No participant is in ${sid}`);
  return participant;
}

/** Sends Twilio's event that the participant joined. */
function joined(
  { sid, conversationSid, messagingBinding, attributes }: Participant,
  parameters: Readonly<Record<string, string>> = {},
) {
  return tellOf(world, 'onParticipantAdded', {
    ConversationSid: conversationSid,
    ParticipantSid: sid,
    Attributes: attributes,
    ...(messagingBinding && {
      'MessagingBinding.Type': messagingBinding.type,
      'MessagingBinding.Address': messagingBinding.address,
      'MessagingBinding.ProxyAddress': messagingBinding.proxyAddress,
    }),
    RetryCount: '0',
    ...parameters,
  });
}

function attributesIn(conversation: Conversation): unknown {
  return JSON.parse(onlyParticipantOf(conversation).attributes);
}

const writes = () => world.twilio.requests.filter(({ method }) => method === 'POST');

describe('onParticipantAdded', () => {
  test.each([CUSTOMER, `whatsapp:${CUSTOMER}`])('sets the data of the customer at %s', async (address) => {
    const { conversation, participant } = await worldWith({ address });

    const { status, body } = await joined(participant);

    expect([status, body]).toEqual([200, {}]);
    expect(attributesIn(conversation)).toEqual(JANE);
  });

  test('uses the record id for a customer whose id is blank, and leaves a missing avatar out', async () => {
    const { conversation, participant } = await worldWith(
      {},
      { customers: [{ name: 'Jane', sms: CUSTOMER }] },
    );

    await joined(participant);

    const [record] = world.airtable.base.tables.flatMap(({ records }) => records);
    expect(attributesIn(conversation)).toEqual({ customer_id: record?.id, display_name: 'Jane' });
  });

  test.each([
    ['other attributes', { role: 'buyer' }, { role: 'buyer', ...JANE }],
    ['a customer_id', { customer_id: '7' }, { ...JANE, customer_id: '7' }],
    ['a display_name', { display_name: 'Mum' }, { ...JANE, display_name: 'Mum' }],
    ['an avatar', { avatar: 'https://example.com/m' }, { ...JANE, avatar: 'https://example.com/m' }],
    ['a blank display_name and a null avatar', { display_name: '', avatar: null }, JANE],
  ])('keeps %s', async (_what, present, after) => {
    const { conversation, participant } = await worldWith({ attributes: JSON.stringify(present) });

    expect((await joined(participant)).status).toBe(200);

    expect(attributesIn(conversation)).toEqual(after);
  });

  test('keeps what was set after the event went out', async () => {
    const { conversation, participant } = await worldWith();
    const path = `/Conversations/${conversation.sid}/Participants/${participant.sid}`;
    await changeAtTwilio(world, 'POST', path, { Attributes: '{"customer_id":"7"}' });

    await joined(participant);

    expect(attributesIn(conversation)).toEqual({ ...JANE, customer_id: '7' });
  });

  test('does not write a second time', async () => {
    const { participant } = await worldWith();

    const statuses = [(await joined(participant)).status, (await joined(participant)).status];

    expect(statuses).toEqual([200, 200]);
    expect(writes()).toHaveLength(1);
  });

  test.each([
    ['a list', '["Jane"]'],
    ['a text', '"Jane"'],
    ['null', 'null'],
    ['so long that nothing fits in', JSON.stringify({ notes: 'x'.repeat(4_080) })],
  ])('does not change attributes that are %s', async (_what, attributes) => {
    const { conversation, participant } = await worldWith({ attributes });

    expect((await joined(participant)).status).toBe(200);

    expect(onlyParticipantOf(conversation).attributes).toBe(attributes);
    expect(writes()).toEqual([]);
  });

  test('sends no request about a worker', async () => {
    const { conversation, participant } = await worldWith();
    const worker = { ...participant, messagingBinding: null };

    const answers = [
      await joined(worker, { Identity: 'ana@example.com', 'MessagingBinding.Type': 'chat' }),
      await joined(participant, { Identity: 'ana@example.com' }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect([...world.airtableRequests, ...world.twilio.requests]).toEqual([]);
    expect(attributesIn(conversation)).toEqual({});
  });

  test('changes nothing for an unknown customer', async () => {
    const { participant } = await worldWith({}, { customers: [] });

    const { status, body } = await joined(participant);

    expect([status, body]).toEqual([200, {}]);
    expect(world.twilio.requests).toEqual([]);
  });

  test('accepts that the participant was deleted meanwhile', async () => {
    const { conversation, participant } = await worldWith();
    await changeAtTwilio(
      world,
      'DELETE',
      `/Conversations/${conversation.sid}/Participants/${participant.sid}`,
    );

    const { status, log } = await joined(participant);

    expect(status).toBe(200);
    expect(log).toMatchObject([{ level: 'INFO', warnings: [expect.stringMatching(/is gone$/)] }]);
  });

  test.each([
    [404, 20404],
    [404, 50432],
    [400, 50377],
  ])('accepts that it is too late to write: %d/%d', async (status, code) => {
    const { participant } = await worldWith();
    world.twilio.faults.always(
      { kind: 'rejected', status, code, message: 'Gone' },
      ({ method }) => method === 'POST',
    );

    expect((await joined(participant)).status).toBe(200);
  });

  test('survives a failure of Twilio with a lost response, without a second change', async () => {
    const { conversation, participant } = await worldWith();
    world.twilio.faults.next(1, { kind: 'response-lost' }, ({ method }) => method === 'POST');

    expect((await joined(participant)).status).toBe(200);

    expect(attributesIn(conversation)).toEqual(JANE);
  });

  test('returns failures to Twilio: 503 for the database’s, 502 for its own', async () => {
    const { participant } = await worldWith();

    world.database.fail('server-error');
    expect((await joined(participant)).status).toBe(503);
    world.database.fail(null);

    world.twilio.faults.always({ kind: 'rejected', status: 403, code: 50107, message: 'Not permitted' });
    expect((await joined(participant)).status).toBe(502);
  });
});
