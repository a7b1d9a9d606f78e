import { computed, signal } from '@preact/signals';
import { parseRoute, type Route } from '../logic/address';

const address = signal(currentAddress());

/** What the address says is shown. */
export const route = computed<Route>(() => parseRoute(address.value));

/** Whether the page of a chat is shown. */
export function isChatOpen(sid: string): boolean {
  const current = route.value;
  return current.page === 'chats' && current.chatSid === sid;
}

/** The search of `?q=`. */
export const searchText = computed(() => new URL(address.value, location.origin).searchParams.get('q') ?? '');

/** The pane beside the conversation that the address asks for: `#details`, `#transfer`, `#close`. */
export const hash = computed(() => new URL(address.value, location.origin).hash.slice(1));

window.addEventListener('popstate', () => {
  address.value = currentAddress();
});

/** Goes to an address of the app. `replace` leaves no entry in the history. */
export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (to === address.value) return;
  // How deep the app's own history is, so that "back" never leaves the app.
  const depth = replace ? historyDepth() : historyDepth() + 1;
  if (replace) history.replaceState({ depth }, '', to);
  else history.pushState({ depth }, '', to);
  address.value = to;
}

/** Goes back to where the worker came from, or to `parent` where that would leave the app. */
export function goBack(parent: string): void {
  if (historyDepth() > 0) history.back();
  else navigate(parent, { replace: true });
}

/** The address without its pane. */
export function addressWithoutHash(): string {
  return address.peek().replace(/#.*$/su, '');
}

/** Sets or clears the search, without an entry in the history for each letter. */
export function setSearch(text: string): void {
  const url = new URL(address.value, location.origin);
  if (text === '') url.searchParams.delete('q');
  else url.searchParams.set('q', text);
  navigate(`${url.pathname}${url.search}`, { replace: true });
}

/** Handles a click on a link of the app, unless the browser should open it elsewhere. */
export function followLink(event: MouseEvent, to: string): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(to);
}

function historyDepth(): number {
  const state: unknown = history.state;
  if (typeof state !== 'object' || state === null || !('depth' in state)) return 0;
  return typeof state.depth === 'number' ? state.depth : 0;
}

function currentAddress(): string {
  return `${location.pathname}${location.search}${location.hash}`;
}
