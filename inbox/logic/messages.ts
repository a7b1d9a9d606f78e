import type { Delivery, Message } from '../../lambdas/inbox/api';

const RANK = { sent: 0, delivered: 1, read: 2, failed: 3 } as const;

/** The state that is further on; `failed` is final. */
function furtherDelivery(one: Delivery | null, other: Delivery | null): Delivery | null {
  if (one === null || other === null) return one ?? other;
  return RANK[other.state] >= RANK[one.state] ? other : one;
}

/** Merges messages into those known, each once by its SID, in the order of their indexes. */
export function mergeMessages(known: readonly Message[], arrived: readonly Message[]): readonly Message[] {
  if (arrived.length === 0) return known;
  const bySid = new Map(known.map((message) => [message.sid, message]));
  for (const message of arrived) {
    const before = bySid.get(message.sid);
    const delivery = furtherDelivery(before?.delivery ?? null, message.delivery);
    bySid.set(message.sid, { ...message, delivery });
  }
  return [...bySid.values()].sort((one, other) => one.index - other.index);
}

/** Applies a delivery state. @returns the same list if nothing changed or the message is not in it */
export function applyDelivery(
  known: readonly Message[],
  messageSid: string,
  delivery: Delivery,
): readonly Message[] {
  const at = known.findIndex(({ sid }) => sid === messageSid);
  const message = known[at];
  if (message === undefined) return known;
  const further = furtherDelivery(message.delivery, delivery);
  return further === message.delivery ? known : known.with(at, { ...message, delivery: further });
}

/**
 * Whether the newest page joins what is known without a gap between: else messages were missed that only the server's
 * next pages have.
 */
export function joins(known: readonly Message[], newestPage: readonly Message[], isWhole: boolean): boolean {
  const newestKnown = known.at(-1);
  if (newestKnown === undefined || isWhole) return true;
  return newestPage.some(({ index }) => index <= newestKnown.index);
}

/** The index of the newest message; null without messages. */
export function newestIndex(messages: readonly Message[]): number | null {
  return messages.at(-1)?.index ?? null;
}

/** The first message that the worker has not read; null where everything is read. */
export function firstUnread(messages: readonly Message[], readIndex: number | null): Message | null {
  return (
    messages.find(({ author, index }) => author.kind === 'customer' && index > (readIndex ?? -1)) ?? null
  );
}
