import { describe, expect, test } from '@jest/globals';
import type { Conversation, ConversationDraft } from '../../emulators/twilio/conversation';
import { changeAtTwilio, conversationWith, tellOf } from '../world/conversations';
import { startWorld, world } from '../world/use-world';
import type { WorldOptions } from '../world/world';

const CUSTOMER = '+14155550123';
const AVATAR = 'https://example.com/jane.png';
const MUM = 'https://example.com/mum.png';

async function worldOf(options: WorldOptions = {}) {
  await startWorld({
    customers: [{ id: 1, name: 'Jane Roe', sms: '(415) 555-0123', avatar: AVATAR }],
    ...options,
  });
}

/** The conversation's name and attributes at Twilio. */
function namingOf({ sid }: Conversation) {
  const { friendlyName, attributes } = world.twilio.conversation(sid) ?? {};
  return { friendlyName, attributes: JSON.parse(attributes ?? '') };
}

describe('onConversationAdded', () => {
  function added(conversation: Conversation, address: string, FriendlyName?: string) {
    return tellOf(world, 'onConversationAdded', {
      ConversationSid: conversation.sid,
      'MessagingBinding.Address': address,
      Attributes: conversation.attributes,
      RetryCount: '0',
      ...(FriendlyName && { FriendlyName }),
    });
  }

  test('sets name and avatar over REST if the event before was not configured', async () => {
    await worldOf();
    const conversation = conversationWith(world, [CUSTOMER], { attributes: '{"campaign":"spring"}' });

    const { status, body } = await added(conversation, CUSTOMER);

    expect([status, body]).toEqual([200, {}]);
    expect(namingOf(conversation)).toEqual({
      friendlyName: 'Jane Roe',
      attributes: { campaign: 'spring', avatar: AVATAR },
    });
  });

  test('sends no request if the conversation has a name', async () => {
    await worldOf();
    const conversation = conversationWith(world, [CUSTOMER], { friendlyName: 'Mum' });

    const { status } = await added(conversation, CUSTOMER, 'Mum');

    expect(status).toBe(200);
    expect([...world.airtableRequests, ...world.twilio.requests]).toEqual([]);
  });

  test.each<[what: string, draft: ConversationDraft, name: string, avatar: string]>([
    ['a name', { friendlyName: 'Mum' }, 'Mum', AVATAR],
    ['an avatar', { attributes: JSON.stringify({ avatar: MUM }) }, 'Jane Roe', MUM],
    ['both', { friendlyName: 'Mum', attributes: JSON.stringify({ avatar: MUM }) }, 'Mum', MUM],
  ])('keeps %s that was set meanwhile', async (_what, draft, friendlyName, avatar) => {
    await worldOf();
    const conversation = conversationWith(world, [CUSTOMER], draft);

    expect((await added(conversation, CUSTOMER)).status).toBe(200);

    expect(namingOf(conversation)).toEqual({ friendlyName, attributes: { avatar } });
  });

  test('writes nothing if name and avatar are set', async () => {
    await worldOf();
    const draft = { friendlyName: 'Mum', attributes: JSON.stringify({ avatar: MUM }) };

    await added(conversationWith(world, [CUSTOMER], draft), CUSTOMER);

    expect(world.twilio.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  test.each([
    ['of an unknown customer', CUSTOMER],
    ['of a group', '+14155550123, +14155550124'],
    ['that a worker began', ''],
  ])('does not change a conversation %s', async (_what, address) => {
    await worldOf({ customers: [] });
    const conversation = conversationWith(world, []);

    expect((await added(conversation, address)).status).toBe(200);
    expect(world.twilio.requests).toEqual([]);
  });

  test.each<[what: string, change: 'POST' | 'DELETE', form: Record<string, string>]>([
    ['deleted', 'DELETE', {}],
    ['closed', 'POST', { State: 'closed' }],
  ])('accepts that the conversation was %s meanwhile', async (_what, method, form) => {
    await worldOf();
    const conversation = conversationWith(world, [CUSTOMER]);
    await changeAtTwilio(world, method, `/Conversations/${conversation.sid}`, form);

    const { status, log } = await added(conversation, CUSTOMER);

    expect(status).toBe(200);
    expect(log).toMatchObject([{ warnings: [expect.stringContaining('The conversation')] }]);
  });

  test('returns failures to Twilio: 503 for the database’s, 502 for its own', async () => {
    await worldOf();
    const conversation = conversationWith(world, [CUSTOMER]);

    world.database.fail('server-error');
    expect((await added(conversation, CUSTOMER)).status).toBe(503);
    world.database.fail(null);

    world.twilio.faults.always({
      kind: 'rejected',
      status: 400,
      code: 50304,
      message: 'Attributes not valid JSON',
    });
    expect((await added(conversation, CUSTOMER)).status).toBe(502);
  });
});
