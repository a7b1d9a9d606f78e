import { batch, computed, effect, signal } from '@preact/signals';
import type { CustomerDetail, CustomerSummary, RouteOutput } from '../../lambdas/inbox/api';
import { ApiError, call } from '../api/client';
import { serverNow } from './clock';
import { route, searchText } from './route';
import { worker } from './session';

/** Letters from which a search is sent at once; fewer wait for a pause. */
const AT_ONCE = 3;
const PAGE = '60';
const TYPING_MS = 120;
const PAUSE_MS = 700;
/** A list shown again is read again after this time: colleagues and Airtable add customers. */
const FRESH_MS = 30_000;
/** How many pages of it are: a list may have 50. */
const PAGES_AGAIN = 2;

interface CustomerPages {
  readonly status: 'idle' | 'loading' | 'failed' | 'ready';
  readonly customers: readonly CustomerSummary[];
  readonly nextCursor: string | null;
  /** When its first page was last asked for. */
  readonly askedAt: number;
}

const NONE: CustomerPages = { status: 'idle', customers: [], nextCursor: null, askedAt: 0 };

/** The lists asked for, by what was searched: going back to one shows it at once. */
const lists = signal<ReadonlyMap<string, CustomerPages>>(new Map());

/** What is searched, after typing has paused. */
const settledSearch = signal('');
/** The last search that was answered: its list stays until the next one is. */
const answeredSearch = signal('');
let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | null = null;

/** The list shown. */
export const shownCustomers = computed(() => {
  const hasFailed = lists.value.get(settledSearch.value)?.status === 'failed';
  const query = hasFailed ? settledSearch.value : answeredSearch.value;
  const list = lists.value.get(query) ?? NONE;
  const isSettled = query === searchText.value.trim();
  return { query, ...list, hasMore: list.nextCursor !== null, isSettled };
});

/** Searches as one types: from the third letter on shortly after it, before that after a pause. */
export function startCustomerSearch(): void {
  effect(() => {
    const query = searchText.value.trim();
    if (worker.value === null || !isListShown()) return;
    clearTimeout(timer);
    // Not when a list changes: one that failed would be asked for again and again.
    if (lists.peek().get(query)?.status === 'ready' || query === '') {
      settle(query);
      return;
    }
    timer = setTimeout(() => settle(query), query.length >= AT_ONCE ? TYPING_MS : PAUSE_MS);
  });
}

function isListShown(): boolean {
  const { page } = route.value;
  return page === 'customers' || page === 'new-chat' || page === 'new-customer';
}

function settle(query: string): void {
  settledSearch.value = query;
  const list = lists.peek().get(query) ?? NONE;
  if (list.status === 'ready') {
    answeredSearch.value = query;
    if (serverNow() - list.askedAt > FRESH_MS) void readAgain(query, list);
  }
  if (list.status === 'idle' || list.status === 'failed') void loadCustomers();
}

/** Reads the first pages of a list again. What was shown stays meanwhile, and where that fails. */
async function readAgain(query: string, shown: CustomerPages): Promise<void> {
  const kept = { ...shown, askedAt: serverNow() };
  put(query, kept);
  try {
    const customers: CustomerSummary[] = [];
    let nextCursor: string | null = null;
    for (let page = 0; page < PAGES_AGAIN; page += 1) {
      const read: CustomerPage = await askPage(query, nextCursor);
      customers.push(...read.customers);
      nextCursor = read.nextCursor;
      const isEnough = nextCursor === null || customers.length >= shown.customers.length;
      if (isEnough || settledSearch.peek() !== query) break;
    }
    // Unless its next page was asked for, or it was forgotten, meanwhile.
    if (lists.peek().get(query) === kept)
      put(query, { ...kept, ...replaceStart(shown, { customers, nextCursor }) });
  } catch {
    // It is read again the next time it is shown.
  }
}

type CustomerPage = RouteOutput<'customers'>;

/** The list with its start read again. The rows after that stay, so that the list does not move under a worker. */
function replaceStart(shown: CustomerPages, start: CustomerPage): CustomerPage {
  if (start.nextCursor === null) return start;
  const placeBefore = new Map(shown.customers.map(({ id }, place) => [id, place]));
  // By the end of what was read: a customer who was renamed may have come to its middle from far below.
  const end = start.customers.findLast(({ id }) => placeBefore.has(id));
  const read = new Set(start.customers.map(({ id }) => id));
  const after = end === undefined ? [] : shown.customers.slice((placeBefore.get(end.id) ?? 0) + 1);
  const rest = after.filter(({ id }) => !read.has(id));
  if (rest.length === 0) return start;
  return { customers: [...start.customers, ...rest], nextCursor: shown.nextCursor };
}

function askPage(query: string, cursor: string | null, signal?: AbortSignal): Promise<CustomerPage> {
  const filters = { ...(query === '' ? {} : { q: query }), ...(cursor === null ? {} : { cursor }) };
  return call('customers', { query: { limit: PAGE, ...filters } }, signal);
}

/** Loads the first page of the list shown, or the next one. */
export async function loadCustomers(): Promise<void> {
  const query = settledSearch.peek();
  const list = lists.peek().get(query) ?? NONE;
  if (list.status === 'loading' || (list.status === 'ready' && list.nextCursor === null)) return;
  asking?.abort();
  const asked = new AbortController();
  asking = asked;
  const askedAt = list.nextCursor === null ? serverNow() : list.askedAt;
  put(query, { ...list, status: 'loading' });
  try {
    const page = await askPage(query, list.nextCursor, asked.signal);
    const seen = new Set(list.customers.map(({ id }) => id));
    put(query, {
      status: 'ready',
      customers: [...list.customers, ...page.customers.filter(({ id }) => !seen.has(id))],
      nextCursor: page.nextCursor,
      askedAt,
    });
  } catch {
    put(query, { ...list, status: asked.signal.aborted ? statusBefore(list) : 'failed' });
  }
}

function statusBefore({ customers }: CustomerPages): CustomerPages['status'] {
  return customers.length > 0 ? 'ready' : 'idle';
}

function put(query: string, list: CustomerPages): void {
  batch(() => {
    lists.value = new Map(lists.peek()).set(query, list);
    if (list.status === 'ready' && query === settledSearch.peek()) answeredSearch.value = query;
  });
}

/** Loads the list shown again if it could not be loaded. */
export function retryCustomers(): void {
  const hasFailed = lists.peek().get(settledSearch.peek())?.status === 'failed';
  if (hasFailed && isListShown()) void loadCustomers();
}

/** Forgets the lists, after a customer was added; one that is shown is loaded again. */
export function forgetCustomerLists(): void {
  lists.value = new Map();
  if (isListShown()) settle(searchText.peek().trim());
}

/** A customer as far as it is loaded. */
interface CustomerEntry {
  readonly status: 'loading' | 'failed' | 'not-found' | 'ready';
  readonly detail: CustomerDetail | null;
}

const details = signal<ReadonlyMap<string, CustomerEntry>>(new Map());

/** The customer; undefined before it is asked for. */
export function customerOf(id: string): CustomerEntry | undefined {
  return details.value.get(id);
}

/** Loads a customer; what is known already stays visible meanwhile. */
export async function loadCustomer(id: string): Promise<void> {
  const before = details.peek().get(id)?.detail ?? null;
  setCustomer(id, { status: before === null ? 'loading' : 'ready', detail: before });
  try {
    setCustomer(id, {
      status: 'ready',
      detail: await call('customer', { params: { customerId: id } }),
    });
  } catch (error) {
    const isGone = error instanceof ApiError && error.code === 'not-found';
    if (isGone) setCustomer(id, { status: 'not-found', detail: null });
    else if (before === null) setCustomer(id, { status: 'failed', detail: null });
  }
}

/** Loads the customer of the open page again. */
export function refreshOpenCustomer(): void {
  const current = route.value;
  if (current.page === 'customers' && current.customerId !== null) void loadCustomer(current.customerId);
}

function setCustomer(id: string, entry: CustomerEntry): void {
  details.value = new Map(details.peek()).set(id, entry);
}
