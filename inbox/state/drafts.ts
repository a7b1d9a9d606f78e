import { signal } from '@preact/signals';
import { worker } from './session';
import { readStored, writeStored } from './stored';
import { workerKeys } from './worker-keys';

/** Drafts by chat, or by customer and channel for a chat that is not begun. Kept until sent or emptied. */
const drafts = signal<ReadonlyMap<string, string>>(new Map());

/** The storage key of a draft; null if no worker is signed in, because no draft is stored then. */
function storageKey(key: string): string | null {
  return worker.value === null ? null : `${workerKeys(worker.value.identity).draft}${key}`;
}

/** The draft of a chat; blank by default. */
export function draftOf(key: string): string {
  const stored = storageKey(key);
  return drafts.value.get(key) ?? (stored === null ? null : readStored(localStorage, stored)) ?? '';
}

/** Keeps a draft, in this browser only. */
export function setDraft(key: string, text: string): void {
  const stored = storageKey(key);
  if (stored === null) return;
  drafts.value = new Map(drafts.value).set(key, text);
  writeStored(localStorage, stored, text === '' ? null : text);
}

/** Puts a text into a draft; what is written already stays, in front of it. */
export function addToDraft(key: string, text: string): void {
  const before = draftOf(key).trimEnd();
  setDraft(key, before === '' ? text : `${before}\n${text}`);
}

// Another tab wrote: the tab in which the worker writes last wins.
window.addEventListener('storage', ({ key, newValue }) => {
  const prefix = storageKey('');
  if (key === null || prefix === null || !key.startsWith(prefix)) return;
  drafts.value = new Map(drafts.value).set(key.slice(prefix.length), newValue ?? '');
});
