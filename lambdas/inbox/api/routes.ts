import * as v from 'valibot';
import { ChatDetail, ChatSummary, Content, Message, SendResult } from './chat';
import { Colleague, CustomerDetail, CustomerSummary, TemplateOption } from './customer';
import { LiveTicket, Session, Worker } from './session';
import {
  Channel,
  ChatSid,
  CustomerId,
  Identity,
  MediaSid,
  MessageSid,
  Moment,
  RequestId,
  wholeNumber,
} from './values';

/** Every path begins with this. */
export const API_BASE = '/api';

const Nothing = v.object({});
const Cursor = v.optional(v.pipe(v.string(), v.maxLength(4_000)));
const Limit = v.optional(wholeNumber(100));
/** A number as a person types it, with more room than any needs. */
const NumberText = v.nullable(v.pipe(v.string(), v.maxLength(200)));
/** Far more than a chat has messages. */
const MAX_INDEX = 1_000_000_000;
const inChat = v.object({ chatSid: ChatSid });

/** The lists of chats. `unassigned`: chats without an active worker that this worker may take. */
export const CHAT_FILTERS = ['all', 'unread', 'closed', 'unassigned'] as const;
export const ChatFilter = v.picklist(CHAT_FILTERS);
export type ChatFilter = v.InferOutput<typeof ChatFilter>;

export const ChatList = v.object({
  /** Latest activity first; with `changedSince`, earliest change first. */
  chats: v.array(ChatSummary),
  /** Chats that the worker left since `changedSince`. */
  removed: v.array(v.object({ sid: ChatSid, changedAt: Moment })),
  nextCursor: v.nullable(v.string()),
  /**
   * The server's time of this answer: the next `changedSince`, from which the server takes 60 s itself. Of several
   * pages the first one's.
   */
  asOf: Moment,
  /** Chats with unread messages, over all pages. */
  unreadChats: v.number(),
});
export type ChatList = v.InferOutput<typeof ChatList>;

export const StartChatResult = v.variant('outcome', [
  /** `first` is null where the chat began without a message. */
  v.object({ outcome: v.literal('started'), chat: ChatSummary, first: v.nullable(SendResult) }),
  /** One is open already and is the worker's own: open it. Nothing was sent. */
  v.object({ outcome: v.literal('open'), chat: ChatSummary }),
  /** One is open already. `worker` is a colleague, or null: then it can be taken. Nothing was sent. */
  v.object({
    outcome: v.literal('elsewhere'),
    worker: v.nullable(v.object({ identity: Identity, name: v.string() })),
    /** Set where it can be taken. */
    sid: v.nullable(ChatSid),
  }),
]);
export type StartChatResult = v.InferOutput<typeof StartChatResult>;

/**
 * The address of a file, for some minutes: ask again after `expiresAt`, or when it answers 403. Only `image` kinds may
 * be shown inline.
 */
export const MediaLink = v.object({ url: v.string(), expiresAt: v.nullable(Moment) });
export type MediaLink = v.InferOutput<typeof MediaLink>;

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `API_BASE`; a part with a colon is one of `params`. */
  readonly path: `/${string}`;
  readonly params: v.GenericSchema<Record<string, string>, Record<string, string>>;
  /** Texts, as in an address. */
  readonly query: v.GenericSchema<Record<string, string | undefined>, unknown>;
  /** JSON. */
  readonly body: v.GenericSchema<unknown, unknown>;
  readonly response: v.GenericSchema<unknown, unknown>;
}

/** Every route, shared by the server and the app. */
export const ROUTES = {
  session: {
    method: 'GET',
    path: '/session',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    response: Session,
  },
  setAvailability: {
    method: 'PUT',
    path: '/session/availability',
    params: Nothing,
    query: Nothing,
    body: v.object({ isAvailable: v.boolean() }),
    response: Worker,
  },
  liveTicket: {
    method: 'POST',
    path: '/live-tickets',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    response: LiveTicket,
  },
  chats: {
    method: 'GET',
    path: '/chats',
    params: Nothing,
    query: v.object({
      filter: v.optional(ChatFilter),
      cursor: Cursor,
      limit: Limit,
      /** The `asOf` of an earlier answer. With it, `filter` is ignored. */
      changedSince: v.optional(Moment),
    }),
    body: Nothing,
    response: ChatList,
  },
  chat: {
    method: 'GET',
    path: '/chats/:chatSid',
    params: inChat,
    query: Nothing,
    body: Nothing,
    response: ChatDetail,
  },
  messages: {
    method: 'GET',
    path: '/chats/:chatSid/messages',
    params: inChat,
    query: v.object({ cursor: Cursor, limit: Limit }),
    body: Nothing,
    /** Newest first. */
    response: v.object({ messages: v.array(Message), nextCursor: v.nullable(v.string()) }),
  },
  send: {
    method: 'POST',
    path: '/chats/:chatSid/messages',
    params: inChat,
    query: Nothing,
    body: v.object({ sendId: RequestId, content: Content }),
    response: SendResult,
  },
  read: {
    method: 'POST',
    path: '/chats/:chatSid/read',
    params: inChat,
    query: Nothing,
    /** The index of the last message that the worker has seen. It never goes back. */
    body: v.object({ index: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_INDEX)) }),
    response: ChatSummary,
  },
  startChat: {
    method: 'POST',
    path: '/chats',
    params: Nothing,
    query: Nothing,
    body: v.object({
      /** One for each chat that a person starts; also the first message's send id. */
      startId: RequestId,
      customerId: CustomerId,
      channel: Channel,
      /** Null begins without a message, by SMS only. */
      content: v.nullable(Content),
    }),
    response: StartChatResult,
  },
  transfer: {
    method: 'POST',
    path: '/chats/:chatSid/transfer',
    params: inChat,
    query: Nothing,
    body: v.object({ to: Identity }),
    response: Nothing,
  },
  close: {
    method: 'POST',
    path: '/chats/:chatSid/close',
    params: inChat,
    query: Nothing,
    body: Nothing,
    response: ChatSummary,
  },
  /** Takes a chat without an active worker. */
  take: {
    method: 'POST',
    path: '/chats/:chatSid/take',
    params: inChat,
    query: Nothing,
    body: Nothing,
    response: ChatDetail,
  },
  media: {
    method: 'GET',
    path: '/chats/:chatSid/messages/:messageSid/media/:mediaSid',
    params: v.object({ chatSid: ChatSid, messageSid: MessageSid, mediaSid: MediaSid }),
    query: Nothing,
    body: Nothing,
    response: MediaLink,
  },
  chatTemplates: {
    method: 'GET',
    path: '/chats/:chatSid/templates',
    params: inChat,
    query: Nothing,
    body: Nothing,
    response: v.object({ templates: v.array(TemplateOption) }),
  },
  colleagues: {
    method: 'GET',
    path: '/colleagues',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    /** Active ones, by name, without the worker. */
    response: v.object({ colleagues: v.array(Colleague) }),
  },
  customers: {
    method: 'GET',
    path: '/customers',
    params: Nothing,
    /** `q`: part of a name, or digits of a number. */
    query: v.object({ q: v.optional(v.pipe(v.string(), v.maxLength(200))), cursor: Cursor, limit: Limit }),
    body: Nothing,
    response: v.object({ customers: v.array(CustomerSummary), nextCursor: v.nullable(v.string()) }),
  },
  addCustomer: {
    method: 'POST',
    path: '/customers',
    params: Nothing,
    query: Nothing,
    /** Numbers as a person types them. At least one of them; null or blank: none. */
    body: v.object({ name: v.pipe(v.string(), v.maxLength(1_000)), sms: NumberText, whatsapp: NumberText }),
    response: CustomerDetail,
  },
  customer: {
    method: 'GET',
    path: '/customers/:customerId',
    params: v.object({ customerId: CustomerId }),
    query: Nothing,
    body: Nothing,
    response: CustomerDetail,
  },
  customerTemplates: {
    method: 'GET',
    path: '/customers/:customerId/templates',
    params: v.object({ customerId: CustomerId }),
    query: v.object({ channel: Channel }),
    body: Nothing,
    response: v.object({ templates: v.array(TemplateOption) }),
  },
} as const satisfies Record<string, Route>;

export type Routes = typeof ROUTES;
export type RouteName = keyof Routes;
/** What the browser passes for a route, before the schema's transformations. */
export type RouteInput<TName extends RouteName> = {
  readonly params: v.InferInput<Routes[TName]['params']>;
  readonly query: v.InferInput<Routes[TName]['query']>;
  readonly body: v.InferInput<Routes[TName]['body']>;
};
export type RouteOutput<TName extends RouteName> = v.InferOutput<Routes[TName]['response']>;

/** The path of a request, with its parameters and query encoded. */
export function requestTarget(
  path: string,
  params: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const filled = path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  return `${API_BASE}${filled}${search.size > 0 ? `?${search}` : ''}`;
}
