import { batch, signal } from '@preact/signals';
import type { ChatDetail, ChatSummary, Delivery, Message } from '../../lambdas/inbox/api';
import { ApiError, call } from '../api/client';
import { applyDelivery, firstUnread, joins, mergeMessages, newestIndex } from '../logic/messages';
import { applyChats, chatRow, showAsRead } from './chats';

/** A chat's messages as far as they are loaded. */
export interface Thread {
  readonly status: 'loading' | 'ready' | 'failed' | 'not-found';
  readonly messages: readonly Message[];
  /** Of the next older page; null where the first message is loaded. */
  readonly olderCursor: string | null;
  readonly isLoadingOlder: boolean;
  /** Channel state, composer and other chats; null until loaded. */
  readonly detail: ChatDetail | null;
  /** The message before which the unread line stands; null for none. */
  readonly unreadSid: string | null;
}

const NEW_THREAD: Thread = {
  status: 'loading',
  messages: [],
  olderCursor: null,
  isLoadingOlder: false,
  detail: null,
  unreadSid: null,
};
const PAGE = '40';

const threads = signal<ReadonlyMap<string, Thread>>(new Map());

/** The thread of a chat; undefined before it is opened. */
export function threadOf(sid: string): Thread | undefined {
  return threads.value.get(sid);
}

function change(sid: string, changes: Partial<Thread>): void {
  const before = threads.value.get(sid) ?? NEW_THREAD;
  threads.value = new Map(threads.value).set(sid, { ...before, ...changes });
}

/** How far a worker had read when the chat was opened. */
type Reading = Pick<ChatSummary, 'readIndex' | 'unread'>;

/** Opens a chat: shows what is known, loads its newest page and its detail, and sets the unread line. */
export async function openThread(sid: string): Promise<void> {
  const before = threads.peek().get(sid);
  const reading = chatRow(sid);
  change(sid, {
    status: before?.status === 'ready' ? 'ready' : 'loading',
    unreadSid: reading === undefined ? null : unreadLine(before?.messages ?? [], reading),
  });
  await refreshThread(sid, reading ?? 'as-loaded');
}

/** The message before which the line stands: it stays there while one reads and older messages are loaded. */
function unreadLine(messages: readonly Message[], { unread, readIndex }: Reading): string | null {
  return unread === 0 ? null : (firstUnread(messages, readIndex)?.sid ?? null);
}

/**
 * Loads the newest page and the detail again: after opening, and to find what was missed while disconnected.
 * @param opening sets the unread line by this reading, or by the one that is loaded
 */
export async function refreshThread(
  sid: string,
  opening: Reading | 'as-loaded' | null = null,
): Promise<void> {
  try {
    const [detail, page] = await Promise.all([
      call('chat', { params: { chatSid: sid } }),
      call('messages', { params: { chatSid: sid }, query: { limit: PAGE } }),
    ]);
    batch(() => {
      takeDetail(sid, detail);
      const known = threads.value.get(sid)?.messages ?? [];
      const isJoined = joins(known, page.messages, page.nextCursor === null);
      const isFirst = known.length === 0 || !isJoined;
      const messages = mergeMessages(isJoined ? known : [], page.messages);
      const reading = opening === 'as-loaded' ? detail.chat : opening;
      const line = threads.peek().get(sid)?.unreadSid ?? null;
      change(sid, {
        status: 'ready',
        messages,
        ...(isFirst ? { olderCursor: page.nextCursor } : {}),
        ...(reading === null ? {} : { unreadSid: line ?? unreadLine(messages, reading) }),
      });
    });
  } catch (error) {
    const isGone = error instanceof ApiError && (error.code === 'not-found' || error.code === 'bad-request');
    const isShown = (threads.value.get(sid)?.messages.length ?? 0) > 0;
    if (isGone) change(sid, { status: 'not-found' });
    else if (!isShown) change(sid, { status: 'failed' });
    throw error;
  }
}

/** Loads the detail only: the composer's state, which a STOP or the end of 24 hours changes. */
export async function refreshDetail(sid: string): Promise<void> {
  takeDetail(sid, await call('chat', { params: { chatSid: sid } }));
}

/** Takes up an answer that carries the detail of a chat. */
export function takeDetail(sid: string, detail: ChatDetail): void {
  batch(() => {
    applyChats({ chats: [detail.chat] });
    change(sid, { detail });
  });
}

/** When a page could not be loaded, so that scrolling does not ask for it again at once. */
const failedAt = new Map<string, number>();
const AFTER_FAILURE_MS = 5_000;

/** Loads the page before the oldest message. @returns whether one is on its way */
export function loadOlder(sid: string): boolean {
  const thread = threads.peek().get(sid);
  if (thread === undefined || thread.olderCursor === null) return false;
  if (thread.isLoadingOlder) return true;
  if (Date.now() - (failedAt.get(sid) ?? 0) < AFTER_FAILURE_MS) return false;
  change(sid, { isLoadingOlder: true });
  void readOlder(sid, thread.olderCursor);
  return true;
}

async function readOlder(sid: string, cursor: string): Promise<void> {
  try {
    const page = await call('messages', { params: { chatSid: sid }, query: { cursor, limit: PAGE } });
    const thread = threads.peek().get(sid);
    // Loaded again after a gap, or forgotten, meanwhile: the page does not join what is shown now.
    if (thread?.olderCursor !== cursor) return change(sid, { isLoadingOlder: false });
    const messages = mergeMessages(thread.messages, page.messages);
    change(sid, { messages, olderCursor: page.nextCursor, isLoadingOlder: false });
  } catch {
    failedAt.set(sid, Date.now());
    change(sid, { isLoadingOlder: false });
  }
}

/** Takes up a message from a live event or the answer to a send, if the chat has been opened. */
export function takeMessage(message: Message): void {
  const thread = threads.value.get(message.chatSid);
  if (thread === undefined) return;
  change(message.chatSid, { messages: mergeMessages(thread.messages, [message]) });
}

/** Takes up a delivery state. */
export function takeDelivery(chatSid: string, messageSid: string, delivery: Delivery): void {
  const thread = threads.value.get(chatSid);
  if (thread === undefined) return;
  const messages = applyDelivery(thread.messages, messageSid, delivery);
  if (messages !== thread.messages) change(chatSid, { messages });
}

/** Forgets the messages of a chat that the worker left. */
export function forgetThread(sid: string): void {
  if (!threads.value.has(sid)) return;
  change(sid, { ...NEW_THREAD, status: 'not-found' });
}

/** The chat whose newest message is in view. */
const watched = signal<string | null>(null);

/** Notes whether the end of a chat is in view. */
export function watch(sid: string, isAtEnd: boolean): void {
  if (isAtEnd) watched.value = sid;
  else if (watched.peek() === sid) watched.value = null;
}

/** Whether the worker sees what is written in a chat at this moment: then it is never shown as unread. */
export function isWatched(sid: string): boolean {
  return watched.peek() === sid && document.visibilityState === 'visible' && document.hasFocus();
}

/** The index last reported to the server as read, by chat. */
const reported = new Map<string, number>();

/** Reports that the worker has seen a chat up to an index. Forwards only. */
export async function markRead(sid: string, index: number): Promise<void> {
  const thread = threads.value.get(sid);
  const row = chatRow(sid);
  if (row === undefined || thread === undefined) return;
  const before = Math.max(reported.get(sid) ?? -1, row.readIndex ?? -1);
  if (index <= before && row.unread === 0) return;
  if (index <= (reported.get(sid) ?? -1)) return;
  reported.set(sid, index);
  if (index >= (newestIndex(thread.messages) ?? 0)) showAsRead(sid);
  try {
    applyChats({ chats: [await call('read', { params: { chatSid: sid }, body: { index } })] });
  } catch {
    // Asked again with the next message or the next opening.
    reported.delete(sid);
  }
}
