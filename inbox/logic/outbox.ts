import * as v from 'valibot';
import { Content, type Message } from '../../lambdas/inbox/api';

/**
 * A message on its way. `waiting`: not at the server yet, and sent by itself; `sending`: asked, no answer yet;
 * `failed`: the server said no, nothing was sent; `unknown`: perhaps sent, a person decides.
 */
export const Outgoing = v.object({
  /** Made once and repeated with every attempt: the server carries out each at most once. */
  sendId: v.string(),
  chatSid: v.string(),
  content: Content,
  /** What the bubble shows. */
  text: v.string(),
  /** Milliseconds; orders the messages of a chat. */
  createdAt: v.number(),
  state: v.picklist(['waiting', 'sending', 'failed', 'unknown']),
  /** A sentence for the worker; null unless `failed` or `unknown`. */
  reason: v.nullable(v.string()),
  /** Twilio's code, for "Details". */
  code: v.nullable(v.number()),
  /** The server's error; null unless `failed`. */
  error: v.nullable(v.string()),
});
export type Outgoing = v.InferOutput<typeof Outgoing>;

/** The server knows a send id for seven days, and would send the message again after that. */
const REPEATABLE_MS = 6 * 24 * 60 * 60_000;

/** Whether a message waited for so long that only a person may decide whether it is still to be sent. */
export function isTooOld({ createdAt }: Pick<Outgoing, 'createdAt'>, now: number): boolean {
  return now - createdAt > REPEATABLE_MS;
}

/** Reads a stored entry; null for one that cannot be read. After a reload nothing is being asked any more. */
export function readOutgoing(stored: string | null): Outgoing | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Outgoing), stored);
  if (!parsed.success) return null;
  return parsed.output.state === 'sending' ? { ...parsed.output, state: 'waiting' } : parsed.output;
}

/** Replaces or adds an entry. */
export function putOutgoing(outbox: readonly Outgoing[], entry: Outgoing): readonly Outgoing[] {
  const at = outbox.findIndex(({ sendId }) => sendId === entry.sendId);
  return at === -1 ? [...outbox, entry] : outbox.with(at, entry);
}

/** The entries of a chat that are not among its messages yet, oldest first. */
export function pendingOf(
  outbox: readonly Outgoing[],
  chatSid: string,
  messages: readonly Message[],
): readonly Outgoing[] {
  const arrived = new Set(messages.flatMap(({ sendId }) => sendId ?? []));
  return outbox
    .filter((entry) => entry.chatSid === chatSid && !arrived.has(entry.sendId))
    .sort((one, other) => one.createdAt - other.createdAt);
}

/**
 * The entry of each chat to send next. Those behind one that waits wait too, so that the customer reads them in the
 * order in which they were written; those behind one that failed do not.
 */
export function nextToSend(outbox: readonly Outgoing[]): readonly Outgoing[] {
  const chats = new Set(outbox.map(({ chatSid }) => chatSid));
  return [...chats].flatMap((chatSid) => {
    const queue = outbox
      .filter(
        (entry) => entry.chatSid === chatSid && (entry.state === 'waiting' || entry.state === 'sending'),
      )
      .sort((one, other) => one.createdAt - other.createdAt);
    return queue[0] ?? [];
  });
}
