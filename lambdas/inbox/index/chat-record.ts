import * as v from 'valibot';
import { Channel, DELIVERY_ORDER, Delivery, MAX_UNREAD, MediaSummary } from '../api';

/** Participants who left are kept, so that a late event does not bring them back; of very many the earliest go. */
const MAX_DEPARTED_MEMBERS = 50;

const AuthorKind = v.picklist(['customer', 'worker', 'system']);

/** A message as the index needs it. The text is kept of the last one only. */
export const IndexedMessage = v.object({
  sid: v.string(),
  index: v.number(),
  authorKind: AuthorKind,
  /** The worker's identity; blank for a customer and the system. */
  author: v.string(),
  text: v.string(),
  media: v.nullable(MediaSummary.entries.kind),
  /** ISO 8601. */
  at: v.string(),
  /** When it was last edited, ISO 8601. */
  updatedAt: v.string(),
});
export type IndexedMessage = v.InferOutput<typeof IndexedMessage>;

/** A worker's participation, by the SID of the participant: who leaves and joins again is a new participant. */
const Member = v.object({
  identity: v.string(),
  hasLeft: v.boolean(),
  /** Whether Twilio said that the participant was removed, which is final: a list alone may be behind. */
  wasRemoved: v.optional(v.boolean(), false),
  /** When this service learned of it, ISO 8601: a list of participants that was read earlier may not show it. */
  knownAt: v.string(),
});

type Member = v.InferOutput<typeof Member>;

/**
 * One conversation as the index knows it. The changes below give the same record in any order, and with any
 * repeats: maxima, a growing set of participants, a state that only ever closes.
 */
export const ChatRecord = v.object({
  sid: v.string(),
  serviceSid: v.nullable(v.string()),
  channel: Channel,
  /** The customer's address as Twilio writes it; null until a customer takes part. */
  address: v.nullable(v.string()),
  proxyAddress: v.nullable(v.string()),
  createdAt: v.string(),
  isClosed: v.boolean(),
  closedAt: v.nullable(v.string()),
  last: v.nullable(IndexedMessage),
  lastDelivery: v.nullable(Delivery.entries.state),
  lastInboundAt: v.nullable(v.string()),
  /** The index of the last message that a worker wrote; -1 before the first. */
  lastOutIndex: v.number(),
  /** The newest messages of the customer, by index: as many as are counted as unread. */
  inbound: v.array(v.object({ sid: v.string(), index: v.number() })),
  members: v.record(v.string(), Member),
  /** Whether its only workers left the team and no colleague could be added: then it is to be taken. */
  isLeftBehind: v.optional(v.boolean(), false),
});
export type ChatRecord = v.InferOutput<typeof ChatRecord>;

/** What Twilio says about a conversation. */
export interface ConversationFacts {
  readonly sid: string;
  readonly serviceSid: string | null;
  readonly createdAt: string;
  readonly isClosed: boolean;
  /** When it last changed, which is when it closed, if it did. */
  readonly updatedAt: string;
  readonly participants: readonly ParticipantFacts[];
  /** When the participants were asked for. */
  readonly readAt: string;
}

export interface ParticipantFacts {
  readonly sid: string;
  readonly identity: string | null;
  readonly address: string | null;
  readonly proxyAddress: string | null;
}

export function newChat({ sid, serviceSid, createdAt }: ConversationFacts): ChatRecord {
  return {
    sid,
    serviceSid,
    channel: 'sms',
    address: null,
    proxyAddress: null,
    createdAt,
    isClosed: false,
    closedAt: null,
    last: null,
    lastDelivery: null,
    lastInboundAt: null,
    lastOutIndex: -1,
    inbound: [],
    members: {},
    isLeftBehind: false,
  };
}

/** Takes over the state and the participants. */
export function applyConversation(chat: ChatRecord, facts: ConversationFacts): ChatRecord {
  return applyParticipants(facts.isClosed ? applyClosing(chat, facts.updatedAt) : chat, facts);
}

/**
 * Takes over all participants. A worker who is not in the list has left, unless they came after it was read; one who is
 * in a later list again has not. Of a closed chat Twilio may list no workers any more, which says nothing about them.
 */
export function applyParticipants(
  chat: ChatRecord,
  { participants, readAt }: Pick<ConversationFacts, 'participants' | 'readAt'>,
): ChatRecord {
  const present = new Set(participants.map(({ sid }) => sid));
  const isSilent = chat.isClosed && participants.every(({ identity }) => identity === null);
  const gone = Object.entries(chat.members).filter(
    ([sid, { knownAt, hasLeft }]) => !isSilent && !present.has(sid) && !hasLeft && knownAt < readAt,
  );
  const known = participants.reduce((each, participant) => applyParticipant(each, participant, readAt), chat);
  return gone.reduce(
    (each, [sid, member]) => withLeft(each, sid, { ...member, hasLeft: true, knownAt: readAt }),
    known,
  );
}

/** @param knownAt when this service learned of it, ISO 8601 */
export function applyParticipant(
  chat: ChatRecord,
  participant: ParticipantFacts,
  knownAt: string,
): ChatRecord {
  const { sid, identity, address, proxyAddress } = participant;
  if (identity !== null) {
    const member = chat.members[sid];
    const isBack = member?.hasLeft && !member.wasRemoved && member.knownAt < knownAt;
    if (member !== undefined && !isBack) return chat;
    const joined = { identity, hasLeft: false, wasRemoved: false, knownAt };
    return { ...chat, members: { ...chat.members, [sid]: joined }, isLeftBehind: false };
  }
  // Of several customers, in a group message, the same one counts in any order.
  if (address === null || (chat.address !== null && chat.address <= address)) return chat;
  const channel = address.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
  return { ...chat, address, proxyAddress, channel };
}

/** A participant was removed, which is final: who joins again is a new participant. */
export function applyLeaving(
  chat: ChatRecord,
  participantSid: string,
  identity: string,
  knownAt: string,
): ChatRecord {
  const member = chat.members[participantSid];
  if (member?.wasRemoved) return chat;
  return withLeft(chat, participantSid, { identity, knownAt, ...member, hasLeft: true, wasRemoved: true });
}

function withLeft(chat: ChatRecord, participantSid: string, left: Member): ChatRecord {
  const { [participantSid]: _known, ...others } = chat.members;
  // Last, because the earliest to leave go first: this worker's row is still to learn of it.
  const members = [...Object.entries(others), [participantSid, left] as const];
  const excess = members.filter(([, { hasLeft }]) => hasLeft).slice(0, -MAX_DEPARTED_MEMBERS);
  const dropped = new Set(excess.map(([sid]) => sid));
  return { ...chat, members: Object.fromEntries(members.filter(([sid]) => !dropped.has(sid))) };
}

/** Whether the chat waits to be taken, though workers who left the team are in it. */
export function applyLeftBehind(chat: ChatRecord, isLeftBehind: boolean): ChatRecord {
  return chat.isLeftBehind === isLeftBehind ? chat : { ...chat, isLeftBehind };
}

export function applyClosing(chat: ChatRecord, at: string): ChatRecord {
  const isEarlier = chat.closedAt === null || at < chat.closedAt;
  return chat.isClosed && !isEarlier ? chat : { ...chat, isClosed: true, closedAt: at };
}

export function applyMessage(chat: ChatRecord, message: IndexedMessage): ChatRecord {
  const { authorKind, at, index, sid } = message;
  const counted: ChatRecord =
    authorKind === 'customer'
      ? {
          ...chat,
          inbound: withInbound(chat.inbound, { sid, index }),
          lastInboundAt: later(chat.lastInboundAt, at),
        }
      : authorKind === 'worker'
        ? { ...chat, lastOutIndex: Math.max(chat.lastOutIndex, index) }
        : chat;
  if (!isNewer(message, chat.last)) return counted;
  const isSame = chat.last?.sid === sid;
  return { ...counted, last: message, lastDelivery: isSame ? chat.lastDelivery : null };
}

/** Removes a message; `newest` is the chat's last message after that, if the removed one was the last. */
export function applyRemoval(chat: ChatRecord, sid: string, newest: IndexedMessage | null): ChatRecord {
  const inbound = chat.inbound.filter((each) => each.sid !== sid);
  const kept = inbound.length === chat.inbound.length ? chat : { ...chat, inbound };
  return chat.last?.sid === sid ? { ...kept, last: newest, lastDelivery: null } : kept;
}

/** A delivery state never goes back, and `failed` is final. */
export function laterDelivery(
  known: Delivery['state'] | null,
  reported: Delivery['state'],
): Delivery['state'] {
  return known !== null && DELIVERY_ORDER.indexOf(known) > DELIVERY_ORDER.indexOf(reported)
    ? known
    : reported;
}

export function applyDelivery(chat: ChatRecord, messageSid: string, state: Delivery['state']): ChatRecord {
  if (chat.last?.sid !== messageSid) return chat;
  const lastDelivery = laterDelivery(chat.lastDelivery, state);
  return lastDelivery === chat.lastDelivery ? chat : { ...chat, lastDelivery };
}

/** Removes the last line, because the customer was deleted. A later message shows its own. */
export function forgetLine(chat: ChatRecord): ChatRecord {
  return chat.last === null || chat.last.text === '' ? chat : { ...chat, last: { ...chat.last, text: '' } };
}

/** A conversation that was deleted is closed, and empty. */
export function applyGone(chat: ChatRecord, now: Date): ChatRecord {
  const at = now.toISOString();
  const left = Object.entries(chat.members).reduce(
    (each, [sid, { identity }]) => applyLeaving(each, sid, identity, at),
    forgetLine(chat),
  );
  return applyClosing(left, at);
}

/** The workers in the chat now. */
export function presentWorkers({ members }: Pick<ChatRecord, 'members'>): string[] {
  const present = Object.values(members).flatMap(({ identity, hasLeft }) => (hasLeft ? [] : identity));
  return [...new Set(present)].sort();
}

/** When something last happened in the chat. */
export function lastActivityAt({ last, createdAt }: Pick<ChatRecord, 'last' | 'createdAt'>): string {
  return later(last?.at ?? null, createdAt);
}

function withInbound(known: ChatRecord['inbound'], message: ChatRecord['inbound'][number]) {
  if (known.some(({ sid }) => sid === message.sid)) return known;
  return [...known, message].sort((a, b) => a.index - b.index).slice(-(MAX_UNREAD + 1));
}

function isNewer(message: IndexedMessage, last: IndexedMessage | null): boolean {
  if (last === null || message.index > last.index) return true;
  return message.sid === last.sid && message.updatedAt > last.updatedAt;
}

function later(known: string | null, at: string): string {
  return known !== null && known > at ? known : at;
}
