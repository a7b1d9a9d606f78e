import * as v from 'valibot';
import { Channel, Identity, Moment } from './values';

/** The signed-in worker. */
export const Worker = v.object({
  identity: Identity,
  name: v.string(),
  /** Whether new chats may be routed to this worker. */
  isAvailable: v.boolean(),
});
export type Worker = v.InferOutput<typeof Worker>;

export const Session = v.object({
  worker: Worker,
  /** The channels on which the team has a number. */
  channels: v.array(Channel),
  /** The server's time, for countdowns on a device whose clock is wrong. */
  serverTime: Moment,
});
export type Session = v.InferOutput<typeof Session>;

/** An address for one connection, within `expiresAt`. */
export const LiveTicket = v.object({ url: v.string(), expiresAt: Moment });
export type LiveTicket = v.InferOutput<typeof LiveTicket>;
