import { batch } from '@preact/signals';
import * as v from 'valibot';
import { type ChatSummary, LiveEvent } from '../../lambdas/inbox/api';
import { ApiError, ConnectionError, call } from '../api/client';
import { notify } from './away';
import { applyChats, catchUpChats, isListLoaded, loadChats } from './chats';
import { onWake } from './clock';
import { connection } from './connection';
import { pause } from './debounce';
import { settle } from './outbox';
import { route } from './route';
import { updateWorker } from './session';
import { forgetThread, isWatched, refreshDetail, refreshThread, takeDelivery, threadOf } from './threads';

const PING_MS = 60_000;
const PONG_MS = 10_000;
const OPEN_MS = 15_000;
/** When the composer of a chat that opted out is looked at again after a message of the customer. */
const START_MS = [0, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;
const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000] as const;

let socket: WebSocket | null = null;
let attempts = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let pongTimer: ReturnType<typeof setTimeout> | undefined;
let isConnecting = false;

/** Connects, and stays connected for as long as the page lives. */
export function startLive(): void {
  connect().catch(() => undefined);
  window.addEventListener('online', () => reconnectNow());
  window.addEventListener('offline', () => lose('offline'));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') check();
  });
  onWake(check);
  setInterval(() => {
    check();
    // Chats without a worker send no event to any browser.
    if (document.visibilityState === 'visible') void loadChats('unassigned');
  }, PING_MS);
}

/** Asks for a sign of life; a connection that gives none in time is replaced. */
function check(): void {
  if (socket === null || socket.readyState !== WebSocket.OPEN) {
    reconnectNow();
    return;
  }
  socket.send(JSON.stringify({ kind: 'ping' }));
  clearTimeout(pongTimer);
  pongTimer = setTimeout(() => lose('connecting'), PONG_MS);
}

function reconnectNow(): void {
  if (isConnecting || socket?.readyState === WebSocket.OPEN) return;
  attempts = 0;
  connect().catch(() => undefined);
}

async function connect(): Promise<void> {
  if (isConnecting || !navigator.onLine) return;
  isConnecting = true;
  clearTimeout(retryTimer);
  if (connection.value === 'offline') connection.value = 'connecting';
  try {
    const { url } = await call('liveTicket', {});
    const opened = await open(url).catch(async (error: unknown) => {
      // Where sockets are blocked, each attempt at least brings what is new.
      await catchUp();
      throw error;
    });
    socket = opened;
    // Events from now on arrive; what happened before is asked for. Only then is it current.
    await catchUp();
    if (socket !== opened) throw new Error('the connection was lost meanwhile');
    attempts = 0;
    connection.value = 'live';
  } catch (error) {
    isConnecting = false;
    if (error instanceof ApiError && error.code === 'not-signed-in') return;
    lose(error instanceof ConnectionError ? 'offline' : 'connecting');
    return;
  }
  isConnecting = false;
}

function open(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const opening = new WebSocket(new URL(url, location.href));
    const timer = setTimeout(() => {
      opening.close();
      reject(new Error('the connection did not open in time'));
    }, OPEN_MS);
    opening.addEventListener('open', () => {
      clearTimeout(timer);
      resolve(opening);
    });
    opening.addEventListener('message', ({ data }) => take(data));
    opening.addEventListener('close', () => {
      clearTimeout(timer);
      reject(new Error('the connection was closed'));
      if (socket === opening) lose('connecting');
    });
  });
}

/** Gives up the connection and tries again, later each time. */
function lose(state: 'offline' | 'connecting'): void {
  clearTimeout(pongTimer);
  clearTimeout(retryTimer);
  const lost = socket;
  socket = null;
  lost?.close();
  connection.value = navigator.onLine ? state : 'offline';
  const wait = BACKOFF_MS[Math.min(attempts, BACKOFF_MS.length - 1)] ?? 20_000;
  attempts += 1;
  retryTimer = setTimeout(
    () => {
      connect().catch(() => undefined);
      // Spread, so that a restarted server is not asked by everybody at once.
    },
    wait * (0.75 + Math.random() / 2),
  );
}

/** Finds what was missed: rows changed and removed, and the open chat's newest page. */
async function catchUp(): Promise<void> {
  await Promise.all([catchUpChats(), refreshOpenChat()]);
  // The first list, if it could not be loaded; else the next page comes by scrolling.
  if (!isListLoaded('all')) void loadChats('all');
}

async function refreshOpenChat(): Promise<void> {
  const current = route.value;
  if (current.page !== 'chats' || current.chatSid === null) return;
  if (threadOf(current.chatSid) === undefined) return;
  try {
    await refreshThread(current.chatSid);
  } catch (error) {
    // A chat that is gone is shown as gone; only a lost connection is tried again.
    if (!(error instanceof ApiError)) throw error;
  }
}

function take(data: unknown): void {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), LiveEvent), data);
  clearTimeout(pongTimer);
  // An event of a newer version of the service: the next catch-up brings what it says.
  if (parsed.success) batch(() => takeEvent(parsed.output));
}

function takeEvent(event: LiveEvent): void {
  switch (event.kind) {
    case 'chat':
      applyChats({ chats: [isWatched(event.chat.sid) ? { ...event.chat, unread: 0 } : event.chat] });
      if (isComposerOutdated(event.chat)) void refreshOpenDetail(event.chat.sid);
      break;
    case 'chat-removed':
      applyChats({ removed: [event] });
      forgetThread(event.sid);
      break;
    case 'message':
      settle(event.message);
      notify(event.message);
      // It opens WhatsApp's 24 hours, or was a STOP or START.
      if (event.message.author.kind === 'customer') void followOptOut(event.message.chatSid);
      break;
    case 'delivery':
      takeDelivery(event.chatSid, event.messageSid, event.delivery);
      break;
    case 'worker':
      updateWorker(event.worker);
      break;
    case 'pong':
      break;
  }
}

function isComposerOutdated({ sid, state, isOptedOut }: ChatSummary): boolean {
  const detail = threadOf(sid)?.detail?.chat;
  return detail === undefined || detail.state !== state || detail.isOptedOut !== isOptedOut;
}

/** Reads the composer's state of the open chat again, and a START's for a while: it passes through Airtable. */
async function followOptOut(sid: string): Promise<void> {
  for (const wait of START_MS) {
    await pause(wait);
    await refreshOpenDetail(sid);
    if (!isOpen(sid) || threadOf(sid)?.detail?.composer.state !== 'opted-out') return;
  }
}

async function refreshOpenDetail(sid: string): Promise<void> {
  if (isOpen(sid)) await refreshDetail(sid).catch(() => undefined);
}

function isOpen(sid: string): boolean {
  const current = route.value;
  return current.page === 'chats' && current.chatSid === sid;
}
