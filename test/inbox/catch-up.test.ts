import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { setAccess } from '../../inbox/api/client';
import { catchUpChats, chatRow, loadChats, unreadChats } from '../../inbox/state/chats';
import { forEachAtOnce } from '../../lambdas/concurrency/at-once';
import { applyMessage, applyParticipants, newChat } from '../../lambdas/inbox/index/chat-record';
import { ANA, BOB, InboxWorld } from '../world/inbox-world';
import { closeWorlds } from '../world/world';

const JANE = '+15558675310';
const JOHN = '+15558675312';
const STRANGER = '+15558675311';

let inbox: InboxWorld;
beforeEach(async () => {
  inbox = await InboxWorld.start({
    customers: [
      { id: 541, name: 'Jane Roe', sms: JANE, owner: ANA },
      { id: 542, name: 'John Roe', sms: JOHN, owner: ANA },
    ],
  });
  setAccess({ apiUrl: inbox.gateway.url, token: async () => `sub-${ANA}`, replace: async () => null });
});
afterEach(() => inbox.close());
afterAll(closeWorlds);

/** A chat of Ana's with one unread message, in the index only. */
async function addChat(number: number): Promise<void> {
  const sid = `CH${String(number).padStart(32, '0')}`;
  const at = new Date().toISOString();
  const participants = [
    { sid: 'MB1', identity: null, address: STRANGER, proxyAddress: '+15017122661' },
    { sid: 'MB2', identity: ANA, address: null, proxyAddress: null },
  ];
  const facts = {
    ...{ sid, serviceSid: null, createdAt: at, isClosed: false },
    ...{ updatedAt: at, participants, readAt: at },
  };
  const message = {
    ...{ sid: 'IM1', index: 0, authorKind: 'customer' as const, author: '' },
    ...{ text: 'Hello', media: null, at, updatedAt: at },
  };
  await inbox.store.changeChat(sid, () => applyMessage(applyParticipants(newChat(facts), facts), message));
}

test('a page that slept learns of every change, however many came after it', async () => {
  const left = String((await inbox.receive(JANE, 'Hello')).conversationSid);
  const changed = String((await inbox.receive(JOHN, 'One')).conversationSid);
  await loadChats('all');
  expect(chatRow(left)).toBeDefined();

  await inbox.call(ANA, 'transfer', { params: { chatSid: left }, body: { to: BOB } });
  await inbox.receive(JOHN, 'Two');
  const numbers = Array.from({ length: 301 }, (_, number) => number);
  await forEachAtOnce(numbers, 10, addChat);
  await catchUpChats();

  expect(chatRow(left)).toBeUndefined();
  expect(chatRow(changed)?.lastLine?.text).toBe('Two');
  expect(unreadChats.value).toBe(302);
});
