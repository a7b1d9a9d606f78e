import { effect, signal } from '@preact/signals';
import type { Content, Message, SendResult } from '../../lambdas/inbox/api';
import { ApiError, call, isTemporary } from '../api/client';
import { isTooOld, nextToSend, type Outgoing, pendingOf, putOutgoing, readOutbox } from '../logic/outbox';
import { connection } from './connection';
import { pause } from './debounce';
import { worker } from './session';
import { readStored, writeStored } from './stored';
import { refreshDetail, takeMessage, threadOf } from './threads';

/** Messages on their way, kept over reloads. Two tabs share them; a lock lets one of them send each. */
const outbox = signal<readonly Outgoing[]>([]);

const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;

const storageKey = () => `inbox.outbox.${worker.value?.identity ?? ''}`;
const inHand = new Set<string>();

/** Takes up what an earlier visit left, and sends whenever there is something to send and a connection. */
export function startOutbox(): void {
  outbox.value = readOutbox(readStored(localStorage, storageKey()));
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === storageKey()) outbox.value = readOutbox(newValue);
  });
  effect(() => {
    if (connection.value === 'offline') return;
    for (const entry of nextToSend(outbox.value)) {
      if (!inHand.has(entry.sendId)) deliver(entry).catch(() => undefined);
    }
  });
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

/** Sends anew what failed or was perhaps not sent, under an id of its own. */
export function sendAgain(entry: Outgoing): void {
  discard(entry.sendId);
  sendMessage(entry.chatSid, entry.content, entry.text);
}

/** Takes a message out of the outbox. */
export function discard(sendId: string): void {
  store(outbox.value.filter((entry) => entry.sendId !== sendId));
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
    outbox.value = [...outbox.value];
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
  return outbox.value.some((entry) => entry.sendId === sendId);
}

function put(entry: Outgoing): void {
  store(putOutgoing(outbox.value, entry));
}

function store(entries: readonly Outgoing[]): void {
  outbox.value = entries;
  writeStored(localStorage, storageKey(), entries.length === 0 ? null : JSON.stringify(entries));
}
