import { signal } from '@preact/signals';
import { paths } from '../logic/address';
import { shownChats } from './chats';
import { closePanel } from './panel';
import { goBack, hash, navigate, route } from './route';

/** Whether the list of shortcuts is shown. */
export const isShortcutListOpen = signal(false);

/** Listens to the keys that work everywhere. Fields and lists handle their own first. */
export function startKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (handle(event)) event.preventDefault();
  });
}

function handle(event: KeyboardEvent): boolean {
  const { key } = event;
  if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'k') return findCustomer();
  if (event.ctrlKey || event.metaKey) return false;
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    const step = key === 'ArrowDown' ? 1 : -1;
    return event.altKey ? openNeighbour(step) : moveInList(event.target, step);
  }
  if (event.altKey || document.querySelector('dialog[open]') !== null) return false;
  if (key === 'Escape') return leave(event.target);
  if (key === '?' && !isField(event.target)) {
    isShortcutListOpen.value = true;
    return true;
  }
  return false;
}

function findCustomer(): boolean {
  document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
  navigate(paths.customers);
  // After the list is there.
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLInputElement>('.search-input');
    field?.focus();
    field?.select();
  });
  return true;
}

/** The chat above or below the open one. */
function openNeighbour(step: 1 | -1): boolean {
  const current = route.value;
  if (current.page !== 'chats') return false;
  const { chats } = shownChats.value;
  const at = chats.findIndex(({ sid }) => sid === current.chatSid);
  const next = at === -1 ? chats[0] : chats[at + step];
  if (next !== undefined) navigate(paths.chat(next.sid), { replace: current.chatSid !== null });
  return true;
}

/** Moves between the rows of the list that has the focus, or from its search into it. */
function moveInList(target: EventTarget | null, step: 1 | -1): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const pane = target.closest('.list-pane');
  if (pane === null || (isField(target) && step === -1)) return false;
  const rows = [...pane.querySelectorAll<HTMLElement>('li > a')];
  const at = rows.indexOf(target);
  if (at === 0 && step === -1) {
    pane.querySelector<HTMLElement>('.search-input')?.focus();
    return true;
  }
  if (at === -1 && !isField(target)) return false;
  const next = at === -1 ? rows[0] : rows[at + step];
  next?.focus();
  return true;
}

/** Esc: out of a pane, then out of the conversation to its row, then up. */
function leave(target: EventTarget | null): boolean {
  const current = route.value;
  if (hash.value !== '') {
    closePanel();
    return true;
  }
  if (target instanceof HTMLInputElement && target.type === 'search' && target.value !== '') return false;
  if (current.page === 'chats' && current.chatSid === null) return false;
  if (current.page === 'customers' && current.customerId === null) return false;
  const parent = current.page === 'chats' || current.page === 'account' ? paths.chats : paths.customers;
  const wasOpen = document.querySelector<HTMLElement>('.row-open');
  const label = wasOpen?.getAttribute('href');
  goBack(parent);
  requestAnimationFrame(() => {
    if (label === null || label === undefined) return;
    document.querySelector<HTMLElement>(`.list a[href="${CSS.escape(label)}"]`)?.focus();
  });
  return true;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
