import { describe, expect, test } from '@jest/globals';
import { aTwilio, CUSTOMER, call, SMS_NUMBER } from './account';

const WORKER = 'ana@example.com';
const ENCODED = encodeURIComponent(WORKER);

async function withConversation() {
  const twilio = await aTwilio();
  const { sid } = twilio.createConversation({
    friendlyName: 'Jane',
    participants: [{ identity: WORKER }, { address: CUSTOMER, proxyAddress: SMS_NUMBER }],
  });
  return { twilio, sid, conversations: `/v1/Users/${ENCODED}/Conversations` };
}

describe('users of the conversation service', () => {
  test('are created by a request, or by a participant with a new identity', async () => {
    const { twilio } = await withConversation();

    const created = await call(twilio, 'POST /v1/Users', { Identity: 'ben', FriendlyName: 'Ben' });
    const again = await call(twilio, 'POST /v1/Users', { Identity: 'ben' });
    const listed = await call(twilio, 'GET /v1/Users');

    expect(created).toMatchObject({ status: 201, body: { identity: 'ben', friendly_name: 'Ben' } });
    expect(again).toMatchObject({ status: 409, body: { code: 50201 } });
    expect(listed.body).toMatchObject({
      users: [
        { identity: WORKER, is_online: null },
        { identity: 'ben', is_online: null },
      ],
      meta: { key: 'users', page_size: 50 },
    });
  });

  test("are fetched, changed and deleted below the service's path", async () => {
    const { twilio } = await withConversation();
    const user = `/v1/Services/${twilio.conversationServiceSid}/Users/${ENCODED}`;

    const changed = await call(twilio, `POST ${user}`, { Attributes: '{"a":1}' });
    const fetched = await call(twilio, `GET ${user}`);
    const deleted = await call(twilio, `DELETE ${user}`);

    expect(changed).toMatchObject({ status: 200, body: { attributes: '{"a":1}' } });
    expect(fetched.body).toMatchObject({ identity: WORKER, attributes: '{"a":1}', is_online: false });
    expect(deleted.status).toBe(204);
    expect((await call(twilio, `GET ${user}`)).status).toBe(404);
  });
});

describe('conversations of a user', () => {
  test('are listed by identity or SID, closed ones included', async () => {
    const { twilio, sid, conversations } = await withConversation();
    await call(twilio, `POST /v1/Conversations/${sid}`, { State: 'Closed' });

    const listed = await call(twilio, `GET ${conversations}`);

    expect(listed.body).toMatchObject({
      conversations: [{ conversation_sid: sid, friendly_name: 'Jane', conversation_state: 'closed' }],
      meta: { key: 'conversations' },
    });
    expect((await call(twilio, 'GET /v1/Users/unknown/Conversations')).status).toBe(404);
    expect((await call(twilio, `GET ${conversations}`, { PageSize: '51' })).status).toBe(400);
  });

  test('have no unread count until a read horizon is set, which can move back', async () => {
    const { twilio, sid, conversations } = await withConversation();
    for (const body of ['One', 'Two', 'Three']) await twilio.receiveMessage({ from: CUSTOMER, body });
    const read = (LastReadMessageIndex: string) =>
      call(twilio, `POST ${conversations}/${sid}`, { LastReadMessageIndex });

    const before = await call(twilio, `GET ${conversations}/${sid}`);
    const after = await Promise.all([await read('1'), await read('0'), await read('')]);

    expect(before.body).toMatchObject({ unread_messages_count: null, last_read_message_index: null });
    expect(after.map(({ body }) => body)).toMatchObject([
      { unread_messages_count: 1, last_read_message_index: 1 },
      { unread_messages_count: 2, last_read_message_index: 0 },
      { unread_messages_count: null, last_read_message_index: null },
    ]);
    expect(await read('x')).toMatchObject({ status: 400, body: { code: 50421 } });
  });

  test('count at most 1000 unread messages', async () => {
    const { twilio, sid, conversations } = await withConversation();
    for (let count = 0; count < 1002; count += 1) twilio.createMessage(sid, { author: CUSTOMER, body: 'Hi' });

    const row = await call(twilio, `POST ${conversations}/${sid}`, { LastReadMessageIndex: '0' });

    expect(row.body).toMatchObject({ unread_messages_count: 1000 });
  });

  test('are muted, and left', async () => {
    const { twilio, sid, conversations } = await withConversation();

    const muted = await call(twilio, `POST ${conversations}/${sid}`, { NotificationLevel: 'muted' });
    const left = await call(twilio, `DELETE ${conversations}/${sid}`);

    expect(muted.body).toMatchObject({ notification_level: 'muted' });
    expect(left.status).toBe(204);
    expect(twilio.participants(sid).map(({ identity }) => identity)).toEqual([null]);
    expect((await call(twilio, `GET ${conversations}/${sid}`)).status).toBe(404);
  });
});
