import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Session } from '../../../lambdas/inbox/api';
import { HeldApi } from '../helpers/held-api';
import { openPage } from '../helpers/page';

openPage('/customers');
const { navigate, setSearch } = await import('../../../inbox/state/route');
const { openSession } = await import('../../../inbox/state/session');
const { setServerTime } = await import('../../../inbox/state/clock');
const customers = await import('../../../inbox/state/customers');
const { effect } = await import('@preact/signals');

const START = Date.parse('2026-11-26T08:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

let api: HeldApi;

beforeAll(async () => {
  api = await HeldApi.start();
  const opened = openSession();
  const worker = { identity: 'ana@example.com', name: 'Ana', isAvailable: true };
  const session: Session = { worker, channels: ['sms'], serverTime: at(0) };
  (await api.request('/session')).answer(session);
  await opened;
  customers.startCustomerSearch();
});
afterAll(() => api.close());

const page = (names: readonly string[], nextCursor: string | null = null) => ({
  customers: names.map((name) => ({ id: name, name })),
  nextCursor,
});

/** Waits until the list shown is as wanted. */
function shows(status: string, names: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      const list = customers.shownCustomers.value;
      const found = list.customers.map(({ name }) => name);
      if (list.status !== status || found.join() !== names.join()) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

test('a list that could not be loaded is asked for once, and again when the connection is found', async () => {
  (await api.request('/customers')).answer({ error: 'internal' }, 500);
  await shows('failed', []);
  expect(await api.isIdle()).toBe(true);
  customers.retryCustomers();
  (await api.request('/customers')).answer(page(['Ana Beltrán', 'Luis Smith']));
  await shows('ready', ['Ana Beltrán', 'Luis Smith']);
});

test('a list that is shown again after a while is read again, and stays meanwhile', async () => {
  navigate('/chats');
  setServerTime(at(20));
  navigate('/customers');
  expect(await api.isIdle()).toBe(true);
  setServerTime(at(60));
  navigate('/customers/1');
  const again = await api.request('/customers');
  await shows('ready', ['Ana Beltrán', 'Luis Smith']);
  again.answer(page(['Ana Beltrán', 'Luis Smith', 'Nora Newcomer']));
  await shows('ready', ['Ana Beltrán', 'Luis Smith', 'Nora Newcomer']);
});

test('as many pages are read again as were shown', async () => {
  setSearch('smith');
  (await api.request('q=smith')).answer(page(['A', 'B'], 'next'));
  await shows('ready', ['A', 'B']);
  void customers.loadCustomers();
  (await api.request('cursor=next')).answer(page(['C'], 'last'));
  await shows('ready', ['A', 'B', 'C']);
  setServerTime(at(120));
  navigate('/customers/2?q=smith');
  (await api.request('q=smith')).answer(page(['A', 'B'], 'other'));
  (await api.request('cursor=other')).answer(page(['C', 'D'], 'last'));
  await shows('ready', ['A', 'B', 'C', 'D']);
});

test('of a long list the start is read again, and the rest stays', async () => {
  setSearch('jones');
  (await api.request('q=jones')).answer(page(['A', 'B'], 'second'));
  await shows('ready', ['A', 'B']);
  for (const [cursor, names, next] of [
    ['second', ['D', 'E'], 'third'],
    ['third', ['F', 'G'], 'fourth'],
  ] as const) {
    void customers.loadCustomers();
    (await api.request(`cursor=${cursor}`)).answer(page(names, next));
    await shows('ready', cursor === 'second' ? ['A', 'B', 'D', 'E'] : ['A', 'B', 'D', 'E', 'F', 'G']);
  }
  setServerTime(at(180));
  navigate('/customers/3?q=jones');
  // B is gone, C is new, and G has a name that comes first.
  (await api.request('q=jones')).answer(page(['G', 'A'], 'other'));
  (await api.request('cursor=other')).answer(page(['C', 'D'], 'another'));
  await shows('ready', ['G', 'A', 'C', 'D', 'E', 'F']);
  expect(await api.isIdle()).toBe(true);
  void customers.loadCustomers();
  (await api.request('cursor=fourth')).answer(page(['H']));
  await shows('ready', ['G', 'A', 'C', 'D', 'E', 'F', 'H']);
});

test('a list that is left while it is read again is not read on', async () => {
  setServerTime(at(240));
  navigate('/customers/4?q=jones');
  const again = await api.request('q=jones');
  setSearch('smith');
  (await api.request('q=smith')).answer(page(['A', 'B', 'C', 'D']));
  await shows('ready', ['A', 'B', 'C', 'D']);
  again.answer(page(['A'], 'other'));
  expect(await api.isIdle()).toBe(true);
  setSearch('jones');
  await shows('ready', ['A', 'C', 'D', 'E', 'F', 'H']);
});

test('lists that are forgotten are loaded again where one is shown', async () => {
  customers.forgetCustomerLists();
  (await api.request('q=jones')).answer(page(['A']));
  await shows('ready', ['A']);
});
