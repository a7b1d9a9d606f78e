import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadChats, retryChats, showFilter, shownChats } from '../../../inbox/state/chats';
import type { ChatList } from '../../../lambdas/inbox/api';
import { HeldApi } from '../helpers/held-api';

let api: HeldApi;
beforeAll(async () => {
  api = await HeldApi.start();
});
afterAll(() => api.close());

const moment = '2026-11-26T08:00:00.000Z';

function listOf(names: readonly string[], nextCursor: string | null): ChatList {
  const chats = names.map((name): ChatList['chats'][number] => ({
    ...{
      sid: `CH${name.repeat(32)}`,
      channel: 'sms',
      customerId: null,
      name,
      address: '+12125550100',
      state: 'closed',
    },
    ...{ lastActivityAt: moment, lastLine: null, unread: 0, readIndex: null, isOptedOut: false },
    changedAt: moment,
  }));
  return { chats, removed: [], nextCursor, unreadChats: 0, asOf: moment };
}

test('a next page that failed is loaded again once the connection is back', async () => {
  const all = loadChats('all');
  (await api.request('filter=all')).answer(listOf([], null));
  await all;
  showFilter('closed');
  const first = loadChats('closed');
  (await api.request('filter=closed')).answer(listOf(['a'], 'next'));
  await first;
  const next = loadChats('closed');
  (await api.request('cursor=next')).answer({ error: 'internal' }, 500);
  await next;
  expect(shownChats.value).toMatchObject({ status: 'failed', hasMore: true, chats: [{ name: 'a' }] });
  retryChats();
  expect(shownChats.value.status).toBe('loading');
  (await api.request('cursor=next')).answer(listOf(['b'], null));
  while (shownChats.value.status === 'loading') await api.isIdle();
  expect(shownChats.value).toMatchObject({ status: 'ready', hasMore: false });
  expect(shownChats.value.chats.map(({ name }) => name).toSorted()).toEqual(['a', 'b']);
});

test('what was loaded is not asked for again', async () => {
  retryChats();
  expect(await api.isIdle()).toBe(true);
});
