import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { forgetThread, loadOlder, openThread, refreshThread, threadOf } from '../../../inbox/state/threads';
import type { ChatDetail, Message } from '../../../lambdas/inbox/api';
import { HeldApi } from '../helpers/held-api';

let api: HeldApi;
beforeAll(async () => {
  api = await HeldApi.start();
});
afterAll(() => api.close());

const moment = '2026-11-26T08:00:00.000Z';

function detailOf(sid: string): ChatDetail {
  const chat: ChatDetail['chat'] = {
    ...{ sid, channel: 'sms', customerId: null, name: 'Jane', address: '+12125550100', state: 'open' },
    ...{ lastActivityAt: moment, lastLine: null, unread: 0, readIndex: null, isOptedOut: false },
    changedAt: moment,
  };
  return { chat, composer: { state: 'open', closesAt: null }, otherChats: [] };
}

function pageOf(chatSid: string, indexes: readonly number[], nextCursor: string | null) {
  const messages = indexes.map((index): Message => {
    const sid = `IM${String(index).padStart(32, '0')}`;
    const author = { kind: 'customer', name: 'Jane' } as const;
    const rest = { text: `text ${index}`, isTemplate: false, media: [], sendId: null, delivery: null };
    return { sid, chatSid, index, author, sentAt: moment, ...rest };
  });
  return { messages, nextCursor };
}

/** Answers what opening or refreshing a chat asks for. */
async function answer(sid: string, indexes: readonly number[], nextCursor: string | null): Promise<void> {
  (await api.request(`/${sid}/messages`)).answer(pageOf(sid, indexes, nextCursor));
  (await api.request(`/${sid}`)).answer(detailOf(sid));
}

async function opened(digit: string): Promise<string> {
  const sid = `CH${digit.repeat(32)}`;
  const opening = openThread(sid);
  await answer(sid, [41, 40], 'before 40');
  await opening;
  return sid;
}

const indexesOf = (sid: string) => threadOf(sid)?.messages.map(({ index }) => index);

test('an older page that arrives after a gap was found is not joined to the newest messages', async () => {
  const sid = await opened('1');
  expect(loadOlder(sid)).toBe(true);
  const older = await api.request('cursor=before+40');
  const refreshing = refreshThread(sid);
  await answer(sid, [99, 98], 'before 98');
  await refreshing;
  older.answer(pageOf(sid, [39, 38], null));
  await becomesIdle(sid);
  expect(indexesOf(sid)).toEqual([98, 99]);
  expect(threadOf(sid)?.olderCursor).toBe('before 98');
});

test('an older page that arrives when the chat was transferred is dropped', async () => {
  const sid = await opened('2');
  loadOlder(sid);
  const older = await api.request('cursor=before+40');
  forgetThread(sid);
  older.answer(pageOf(sid, [39, 38], null));
  await api.isIdle();
  expect(threadOf(sid)).toMatchObject({ status: 'not-found', messages: [] });
});

test('an older page is put before what is shown', async () => {
  const sid = await opened('3');
  loadOlder(sid);
  (await api.request('cursor=before+40')).answer(pageOf(sid, [39, 38], null));
  await becomesIdle(sid);
  expect(indexesOf(sid)).toEqual([38, 39, 40, 41]);
  expect(threadOf(sid)?.olderCursor).toBeNull();
});

/** Waits until no older page is on its way. */
async function becomesIdle(sid: string): Promise<void> {
  while (threadOf(sid)?.isLoadingOlder === true) await api.isIdle();
}
