import * as v from 'valibot';
import { Channel, ChatSid, Identity, MediaSid, MessageSid, Moment, RequestId } from './values';

/** `unread` counts up to this number; one more means "99+". */
export const MAX_UNREAD = 99;

/** What a worker can do about a message that failed. */
export const FailureAction = v.picklist([
  'retry',
  'retry-later',
  'template',
  'check-number',
  'other-channel',
  'rephrase',
  'administrator',
  'none',
]);
export type FailureAction = v.InferOutput<typeof FailureAction>;

/** A delivery's states in the order in which they come. It never goes back; `failed` is final. */
export const DELIVERY_ORDER = ['sent', 'delivered', 'read', 'failed'] as const;

/** How far one of our messages got. */
export const Delivery = v.object({
  state: v.picklist(DELIVERY_ORDER),
  /** Twilio's error code; null unless `failed`, and where Twilio gave none. */
  code: v.nullable(v.number()),
  /** A sentence for the worker; null unless `failed`. */
  reason: v.nullable(v.string()),
  action: FailureAction,
});
export type Delivery = v.InferOutput<typeof Delivery>;

/** The author of a message. `name` is for showing. */
export const Author = v.object({
  kind: v.picklist(['customer', 'me', 'colleague', 'system']),
  name: v.string(),
});
export type Author = v.InferOutput<typeof Author>;

/** A file that came with a message. Its address is asked for with `media` when it is shown. */
export const MediaSummary = v.object({
  sid: MediaSid,
  contentType: v.string(),
  filename: v.nullable(v.string()),
  /** Bytes; null where Twilio does not say. */
  size: v.nullable(v.number()),
  /** Only an `image` may be shown inline; everything else is a download. */
  kind: v.picklist(['image', 'audio', 'video', 'file']),
});
export type MediaSummary = v.InferOutput<typeof MediaSummary>;

export const Message = v.object({
  sid: MessageSid,
  chatSid: ChatSid,
  /** Orders the messages of a chat. Indexes have gaps: never compute with them. */
  index: v.number(),
  author: Author,
  /** Plain text, never markup; null for a message that is only a file. */
  text: v.nullable(v.string()),
  /** Whether the message was a template. */
  isTemplate: v.boolean(),
  media: v.array(MediaSummary),
  sentAt: Moment,
  /** The id with which this inbox sent it; null for every other message. */
  sendId: v.nullable(v.string()),
  /** Null for a message that is not ours. */
  delivery: v.nullable(Delivery),
});
export type Message = v.InferOutput<typeof Message>;

/** The last message of a chat, as its row shows it. */
export const LastLine = v.object({
  /** Shortened; blank for a file. */
  text: v.string(),
  media: v.nullable(MediaSummary.entries.kind),
  author: Author,
  /** The delivery state of our own last message; null otherwise. */
  delivery: v.nullable(Delivery.entries.state),
});
export type LastLine = v.InferOutput<typeof LastLine>;

export const ChatSummary = v.object({
  sid: ChatSid,
  channel: Channel,
  /** Null where no customer has the address, or more than one chat could be meant. */
  customerId: v.nullable(v.string()),
  /** The customer's name, else the number. */
  name: v.string(),
  /** The customer's number or WhatsApp user id, without `whatsapp:`. */
  address: v.string(),
  /** A closed chat stays closed; writing again starts a new one. */
  state: v.picklist(['open', 'closed']),
  lastActivityAt: Moment,
  lastLine: v.nullable(LastLine),
  /** Messages of the customer that this worker has not read: 0 to 100, where 100 is "99+". */
  unread: v.number(),
  /** The index up to which this worker has read; null before the first reading. */
  readIndex: v.nullable(v.number()),
  /** Whether the customer opted out; in lists it may be minutes old, in `chat` it is exact. */
  isOptedOut: v.boolean(),
  /** When the row last changed, for `changedSince`. */
  changedAt: Moment,
});
export type ChatSummary = v.InferOutput<typeof ChatSummary>;

/** Whether the composer may be open, and why not. The server checks again with each send. */
export const Composer = v.variant('state', [
  /** `closesAt` is null by SMS; on WhatsApp it is when the 24 hours end, with five minutes to spare. */
  v.object({ state: v.literal('open'), closesAt: v.nullable(Moment) }),
  /** More than 24 hours since the customer last wrote on WhatsApp, or never: templates only. */
  v.object({ state: v.literal('templates-only'), since: v.nullable(Moment) }),
  /** `since` is null where only the base says so. */
  v.object({ state: v.literal('opted-out'), since: v.nullable(Moment) }),
  v.object({ state: v.literal('closed') }),
]);
export type Composer = v.InferOutput<typeof Composer>;

/** A chat of the same customer, mine or a colleague's. No text of a colleague's chat is ever shown. */
export const OtherChat = v.object({
  channel: Channel,
  state: v.picklist(['open', 'closed']),
  /** Null where no worker is in it. */
  worker: v.nullable(v.object({ identity: Identity, name: v.string(), isMe: v.boolean() })),
  lastActivityAt: Moment,
  /** Set for the worker's own chat, and for one that can be taken. */
  sid: v.nullable(ChatSid),
  canTake: v.boolean(),
});
export type OtherChat = v.InferOutput<typeof OtherChat>;

export const ChatDetail = v.object({
  chat: ChatSummary,
  composer: Composer,
  /** The other chats of this customer, latest first. */
  otherChats: v.array(OtherChat),
});
export type ChatDetail = v.InferOutput<typeof ChatDetail>;

/** What a send sends. */
export const Content = v.variant('kind', [
  v.object({ kind: v.literal('text'), text: v.string() }),
  /** The id of one of `templates`, sent as its preview shows it. */
  v.object({ kind: v.literal('template'), templateId: v.string() }),
]);
export type Content = v.InferOutput<typeof Content>;

/**
 * The outcome of a send. `unknown`: Twilio did not say, and the message is not among the newest ones. It may appear
 * later. A person decides whether to send it again, which is a new send with an id of its own.
 */
export const SendResult = v.variant('outcome', [
  v.object({ outcome: v.literal('sent'), message: Message }),
  v.object({ outcome: v.literal('unknown'), sendId: RequestId, reason: v.string() }),
]);
export type SendResult = v.InferOutput<typeof SendResult>;
