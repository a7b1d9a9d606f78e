import { effect, signal } from '@preact/signals';
import type { Content, Message, SendResult } from '../../lambdas/inbox/api';
import { ApiError, call, isTemporary } from '../api/client';
import { isTooOld, nextToSend, type Outgoing, pendingOf, putOutgoing } from '../logic/outbox';
import { connection } from './connection';
import { pause } from './debounce';
import { OutboxStorage } from './outbox-storage';
import { worker } from './session';
import { refreshDetail, takeMessage, threadOf } from './threads';
import { workerKeys } from './worker-keys';

/** Messages on their way, kept over reloads. Two tabs share them; a lock lets one of them send each. */
const outbox = signal<readonly Outgoing[]>([]);

const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;

const inHand = new Set<string>();
/** Null until a worker is signed in on this page. */
let storage: OutboxStorage | null = null;

/** Takes up what an earlier visit left, and sends whenever there is something to send and a connection. */
export function startOutbox(): void {
  const identity = worker.peek()?.identity;
  if (identity === undefined) return;
  const own = new OutboxStorage(localStorage, workerKeys(identity).outbox);
  storage = own;
  outbox.value = own.readAll();
  window.addEventListener('storage', ({ key, newValue }) => takeChange(own, key, newValue));
  effect(() => {
    if (connection.value === 'offline' || worker.value === null) return;
    for (const entry of nextToSend(outbox.value)) {
      if (!inHand.has(entry.sendId)) deliver(entry).catch(() => undefined);
    }
  });
}

/** Takes up what another tab wrote. */
function takeChange(own: OutboxStorage, key: string | null, value: string | null): void {
  if (key === null) {
    outbox.value = own.readAll();
    return;
  }
  const sendId = own.sendIdOf(key);
  if (sendId === null) return;
  const entry = own.read(key, value);
  outbox.value =
    entry === null
      ? outbox.value.filter((known) => known.sendId !== sendId)
      : putOutgoing(outbox.value, entry);
}

/** Puts a message on its way; it is shown at once. */
export function sendMessage(chatSid: string, content: Content, text: string): void {
  put({
    sendId: crypto.randomUUID(),
    chatSid,
    content,
    text,
    createdAt: Date.now(),
    state: 'waiting',
    reason: null,
    code: null,
    error: null,
  });
}

/** Sends again what failed or was perhaps not sent, under an id of its own. */
export function sendAgain(entry: Outgoing): void {
  discard(entry.sendId);
  sendMessage(entry.chatSid, entry.content, entry.text);
}

/** Takes a message out of the outbox. */
export function discard(sendId: string): void {
  outbox.value = outbox.value.filter((entry) => entry.sendId !== sendId);
  storage?.remove(sendId);
}

/** What of a chat is on its way. */
export function pendingIn(chatSid: string): readonly Outgoing[] {
  return pendingOf(outbox.value, chatSid, threadOf(chatSid)?.messages ?? []);
}

/** Takes up one of our messages: what was on its way has arrived. */
export function settle(message: Message): void {
  const { sendId } = message;
  takeMessage(message);
  if (sendId !== null && outbox.value.some((entry) => entry.sendId === sendId)) discard(sendId);
}

async function deliver(entry: Outgoing): Promise<void> {
  inHand.add(entry.sendId);
  try {
    await navigator.locks.request(`inbox-send-${entry.sendId}`, { ifAvailable: true }, async (lock) => {
      // Another tab has it; that tab's answer arrives by storage.
      if (lock === null) await pause(RETRY_MS[1]);
      else await attempt(entry);
    });
  } finally {
    inHand.delete(entry.sendId);
    // Wakes the effect: the next message of this chat, or this one again.
    outbox.value = outbox.value.filter(({ sendId }) => storage?.isRemoved(sendId) !== true);
  }
}

async function attempt(entry: Outgoing): Promise<void> {
  for (let failures = 0; isStillThere(entry); failures += 1) {
    if (isTooOld(entry, Date.now())) {
      put({ ...entry, state: 'unknown' });
      return;
    }
    put({ ...entry, state: 'sending' });
    try {
      takeResult(
        entry,
        await call('send', {
          params: { chatSid: entry.chatSid },
          body: { sendId: entry.sendId, content: entry.content },
        }),
      );
      return;
    } catch (error) {
      if (!isStillThere(entry)) return;
      // Nothing was sent; it goes when the worker is signed in again.
      if (error instanceof ApiError && error.code === 'not-signed-in') {
        put({ ...entry, state: 'waiting' });
        return;
      }
      if (!isTemporary(error)) {
        fail(entry, error);
        return;
      }
      put({ ...entry, state: 'waiting' });
      const wanted = error instanceof ApiError ? error.retryAfterMs : null;
      await pause(wanted ?? RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 30_000);
      if (connection.value === 'offline') return;
    }
  }
}

function takeResult(entry: Outgoing, result: SendResult): void {
  if (result.outcome === 'sent') settle(result.message);
  else if (isStillThere(entry)) put({ ...entry, state: 'unknown', reason: result.reason });
}

function fail(entry: Outgoing, error: unknown): void {
  const known = error instanceof ApiError ? error : null;
  put({
    ...entry,
    state: 'failed',
    reason: known?.message ?? null,
    code: known?.twilioCode ?? null,
    error: known?.code ?? null,
  });
  // Opted out, closed or out of time: the composer has to give way to the bar that says so.
  refreshDetail(entry.chatSid).catch(() => undefined);
}

function isStillThere({ sendId }: Outgoing): boolean {
  return outbox.value.some((entry) => entry.sendId === sendId) && storage?.isRemoved(sendId) !== true;
}

function put(entry: Outgoing): void {
  outbox.value = putOutgoing(outbox.value, entry);
  // After a sign-out, what was wiped must not come back.
  if (worker.peek() !== null) storage?.put(entry);
}
