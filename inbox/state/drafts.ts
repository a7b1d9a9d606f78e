import { signal } from '@preact/signals';
import { worker } from './session';
import { readStored, writeStored } from './stored';

/** Drafts by chat, or by customer and channel for a chat that is not begun. Kept until sent or emptied. */
const drafts = signal<ReadonlyMap<string, string>>(new Map());

const storageKey = (key: string) => `inbox.draft.${worker.value?.identity ?? ''}.${key}`;

/** The draft of a chat; blank by default. */
export function draftOf(key: string): string {
  return drafts.value.get(key) ?? readStored(localStorage, storageKey(key)) ?? '';
}

/** Keeps a draft, in this browser only. */
export function setDraft(key: string, text: string): void {
  drafts.value = new Map(drafts.value).set(key, text);
  writeStored(localStorage, storageKey(key), text === '' ? null : text);
}

/** Puts a text into a draft; what is written already stays, in front of it. */
export function addToDraft(key: string, text: string): void {
  const before = draftOf(key).trimEnd();
  setDraft(key, before === '' ? text : `${before}\n${text}`);
}

// Another tab wrote: the tab in which the worker writes last wins.
window.addEventListener('storage', ({ key, newValue }) => {
  const prefix = storageKey('');
  if (key === null || !key.startsWith(prefix)) return;
  drafts.value = new Map(drafts.value).set(key.slice(prefix.length), newValue ?? '');
});
