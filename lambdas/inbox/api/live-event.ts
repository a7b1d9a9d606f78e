import * as v from 'valibot';
import { ChatSummary, Delivery, Message } from './chat';
import { Worker } from './session';
import { ChatSid, MessageSid, Moment } from './values';

/**
 * What the server sends to each connection of a worker, one JSON text each. Events may be lost, doubled and out of
 * order: keep the row with the later `changedAt`, the message by its SID, the delivery that is further.
 */
export const LiveEvent = v.variant('kind', [
  /** A chat is new for this worker, or its row changed. */
  v.object({ kind: v.literal('chat'), chat: ChatSummary }),
  /** The worker is no longer in the chat. */
  v.object({ kind: v.literal('chat-removed'), sid: ChatSid, changedAt: Moment }),
  v.object({ kind: v.literal('message'), message: Message }),
  v.object({ kind: v.literal('delivery'), chatSid: ChatSid, messageSid: MessageSid, delivery: Delivery }),
  /** Changed on another device. */
  v.object({ kind: v.literal('worker'), worker: Worker }),
  /** The answer to a `ping`. */
  v.object({ kind: v.literal('pong') }),
]);
export type LiveEvent = v.InferOutput<typeof LiveEvent>;

/** What the browser sends: a sign of life, at least every five minutes, or the connection is closed after ten. */
export const LiveRequest = v.object({ kind: v.literal('ping') });
