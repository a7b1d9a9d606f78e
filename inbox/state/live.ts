import { batch, effect, untracked } from '@preact/signals';
import * as v from 'valibot';
import { type ChatSummary, LiveEvent } from '../../lambdas/inbox/api';
import { ApiError, ConnectionError, call } from '../api/client';
import { LiveConnection, type LiveSocket, type SocketEvents } from '../logic/live-connection';
import { schedule } from '../logic/schedule';
import { notify } from './away';
import { applyChats, catchUpChats, loadChats, retryChats } from './chats';
import { onWake } from './clock';
import { connection } from './connection';
import { refreshOpenCustomer, retryCustomers } from './customers';
import { pause } from './debounce';
import { settle } from './outbox';
import { isChatOpen, route } from './route';
import { updateWorker, worker } from './session';
import { forgetThread, isWatched, refreshDetail, refreshThread, takeDelivery, threadOf } from './threads';

const OPEN_MS = 15_000;
/** How often is asked for what no event tells. */
const POLL_MS = 60_000;
/** When the composer of a chat that opted out is looked at again after a message of the customer. */
const START_MS = [0, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;

const live = new LiveConnection({
  ticket: async () => (await call('liveTicket', {})).url,
  open,
  catchUp,
  take,
  isOnline: () => navigator.onLine,
  explain: (error) => ({
    isFinal: error instanceof ApiError && ['not-signed-in', 'not-active'].includes(error.code),
    isUnreachable: error instanceof ConnectionError,
    retryAfterMs: error instanceof ApiError ? error.retryAfterMs : null,
  }),
  onState: (state) => {
    connection.value = state;
  },
  schedule,
  random: Math.random,
});

/** Connects, and stays connected for as long as the worker is signed in. */
export function startLive(): void {
  effect(() => {
    const isSignedIn = worker.value !== null;
    untracked(() => (isSignedIn ? live.start() : live.stop()));
  });
  window.addEventListener('online', () => live.check());
  window.addEventListener('offline', () => live.goOffline());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') live.check();
  });
  onWake(() => live.check());
  setInterval(() => {
    if (document.visibilityState !== 'visible' || worker.peek() === null) return;
    // Chats without a worker, and those of colleagues, send no event to this browser.
    void loadChats('unassigned');
    refreshOpenCustomer();
  }, POLL_MS);
}

function open(url: string, events: SocketEvents): Promise<LiveSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(new URL(url, location.href));
    const opened: LiveSocket = {
      get isOpen() {
        return socket.readyState === WebSocket.OPEN;
      },
      send: (text) => socket.send(text),
      close: () => socket.close(),
    };
    const stopWaiting = schedule(() => {
      socket.close();
      reject(new Error('the connection did not open in time'));
    }, OPEN_MS);
    socket.addEventListener('open', () => {
      stopWaiting();
      resolve(opened);
    });
    socket.addEventListener('message', ({ data }) => events.message(data));
    socket.addEventListener('close', () => {
      stopWaiting();
      reject(new Error('the connection was closed'));
      events.close();
    });
  });
}

/** Finds what was missed: rows changed and removed, and the open chat's newest page. */
async function catchUp(): Promise<void> {
  await Promise.all([catchUpChats(), refreshOpenChat()]);
  retryChats();
  retryCustomers();
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
    if (!isChatOpen(sid) || threadOf(sid)?.detail?.composer.state !== 'opted-out') return;
  }
}

async function refreshOpenDetail(sid: string): Promise<void> {
  if (isChatOpen(sid)) await refreshDetail(sid).catch(() => undefined);
}
