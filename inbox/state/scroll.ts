import * as v from 'valibot';
import { readStoredJson, writeStored } from './stored';

/** Where a conversation was left: the message at the top of the view and how far above it that begins. */
const Anchor = v.object({ key: v.string(), offset: v.number() });
export type Anchor = v.InferOutput<typeof Anchor>;

const Positions = v.object({
  lists: v.record(v.string(), v.number()),
  /** Null: at the end. */
  chats: v.record(v.string(), v.nullable(Anchor)),
});

const KEY = 'inbox.scroll';

/** Positions of this tab. Written when the page is left, so that scrolling costs nothing. */
const positions = readStoredJson(sessionStorage, KEY, Positions, { lists: {}, chats: {} });

let isForgotten = false;

/** Forgets the positions of this tab, for as long as the page lives. */
export function forgetScroll(): void {
  isForgotten = true;
}

window.addEventListener('pagehide', () => {
  if (isForgotten) return;
  writeStored(sessionStorage, KEY, JSON.stringify(positions));
});

/** The position of a list; null where none was kept. */
export function keptScroll(key: string): number | null {
  return positions.lists[key] ?? null;
}

export function keepScroll(key: string, top: number): void {
  positions.lists[key] = top;
}

/** Where a chat was left; undefined where it was not opened in this tab. */
export function keptAnchor(chatSid: string): Anchor | null | undefined {
  return positions.chats[chatSid];
}

export function keepAnchor(chatSid: string, anchor: Anchor | null): void {
  positions.chats[chatSid] = anchor;
}
