import * as v from 'valibot';

const inChat = { conversationSid: v.string(), serviceSid: v.nullable(v.string()) };

/**
 * What the queue carries: SIDs and states, never a text, a name or an address. The handler of an event asks Twilio for
 * the rest, so that repeats and disorder show the present, not the past.
 */
export const QueueEvent = v.variant('kind', [
  v.object({ kind: v.literal('conversation'), ...inChat }),
  v.object({ kind: v.literal('participant-added'), ...inChat }),
  v.object({
    kind: v.literal('participant-removed'),
    ...inChat,
    participantSid: v.string(),
    identity: v.string(),
  }),
  v.object({
    kind: v.literal('horizon'),
    ...inChat,
    identity: v.string(),
    index: v.number(),
  }),
  v.object({ kind: v.literal('message'), ...inChat, messageSid: v.string() }),
  v.object({ kind: v.literal('message-removed'), ...inChat, messageSid: v.string() }),
  v.object({
    kind: v.literal('delivery'),
    ...inChat,
    messageSid: v.string(),
    status: v.string(),
    errorCode: v.nullable(v.number()),
  }),
  /** Builds a worker's index from Twilio, one page of conversations each. */
  v.object({
    kind: v.literal('build'),
    subject: v.string(),
    identity: v.string(),
    page: v.nullable(v.string()),
  }),
  /** Likewise one conversation, whose page was built without it. */
  v.object({
    kind: v.literal('build-chat'),
    ...inChat,
    identity: v.string(),
    /** The message that the worker has read up to; null if none. */
    readIndex: v.nullable(v.number()),
  }),
  /** Takes a worker who left the team out of the open chats, one page of conversations each. */
  v.object({
    kind: v.literal('worker-removed'),
    subject: v.string(),
    identity: v.string(),
    page: v.nullable(v.string()),
  }),
  /** Removes the last lines of deleted customers' chats. */
  v.object({ kind: v.literal('forget'), conversationSids: v.array(v.string()) }),
  /** Finds chats without a worker, and those of which no event came. */
  v.object({ kind: v.literal('sweep') }),
]);
export type QueueEvent = v.InferOutput<typeof QueueEvent>;

/** Puts an event on the queue. @throws {ServiceUnavailableError} */
export type Enqueue = (event: QueueEvent) => Promise<void>;
