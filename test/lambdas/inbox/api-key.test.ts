import { afterAll, afterEach, expect, test } from '@jest/globals';
import { ANA, InboxWorld } from '../../world/inbox-world';
import { CREDENTIALS, closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const KEY = { sid: `SK${'a'.repeat(32)}`, secret: 'secret-of-the-key' };

let inbox: InboxWorld;
afterEach(() => inbox.close());
afterAll(closeWorlds);

test('with an API key in the secret, events, routing, messages and media of the inbox use it alone', async () => {
  inbox = await InboxWorld.start({
    customers: [{ id: 541, name: 'Jane Roe', sms: JANE, owner: ANA }],
    apiKeys: [KEY],
    secret: JSON.stringify({
      ...CREDENTIALS,
      TWILIO_API_KEY_SID: KEY.sid,
      TWILIO_API_KEY_SECRET: KEY.secret,
    }),
  });
  const picture = { contentType: 'image/png', bytes: Buffer.from('x') };

  const { conversationSid } = await inbox.receive(JANE, 'Hello', [picture]);
  const chatSid = String(conversationSid);
  const { messages } = (await inbox.call(ANA, 'messages', { params: { chatSid } })).ok;
  const body = {
    sendId: '00000000-0000-4000-8000-000000000001',
    content: { kind: 'text' as const, text: 'Good morning' },
  };
  const { sid: messageSid = '', media = [] } = messages[0] ?? {};
  const file = { chatSid, messageSid, mediaSid: String(media[0]?.sid) };
  expect((await inbox.call(ANA, 'media', { params: file })).ok.url).toContain('/media/');
  await inbox.call(ANA, 'send', { params: { chatSid }, body });

  expect(messages).toHaveLength(1);
  expect(inbox.twilio.messages(chatSid).map((message) => message.body)).toEqual(['Hello', 'Good morning']);
  expect(new Set(inbox.twilio.requests.map(({ user }) => user))).toEqual(new Set([KEY.sid]));
});
