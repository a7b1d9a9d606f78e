import type { Channel } from '../phone-number/address';

/**
 * A customer's opt-out or opt-in on a channel, or a person's decision about it. Events are never changed or removed,
 * because they are the proof for a regulator.
 */
export interface OptOutEvent {
  readonly kind: 'opt-out' | 'opt-in';
  readonly channel: Channel;
  /** The recognized word (STOP), `hand` for a tick in the base, or `lifted: <reason>`. */
  readonly keyword: string;
  /** ISO 8601 UTC: the message's `DateCreated`, else the time of arrival. */
  readonly at: string;
  /** The message's SID, else an id that is equal for the same event, so that repeats are harmless. */
  readonly id: string;
}

/** An event that Airtable does not have yet, and the address under which it was recorded. */
export interface PendingOptOut {
  readonly address: string;
  readonly event: OptOutEvent;
}

/**
 * The opt-out table. A partition is an address in Twilio's format (`+14155550102`, `whatsapp:+5215512345678`), or a
 * record id.
 */
export interface OptOutStore {
  /** Keeps an event under an address, as one conditional put. `pending` until Airtable has it. */
  record(address: string, event: OptOutEvent): Promise<'recorded' | 'known'>;
  /** Keeps the same event under the record ids of customers who have the address; never pending. */
  recordFor(recordIds: readonly string[], event: OptOutEvent): Promise<void>;
  /** All events of these partitions, in any order. */
  eventsOf(partitions: readonly string[]): Promise<OptOutEvent[]>;
  /** Every event by partition, for a full pass. */
  scan(): AsyncIterable<{ readonly partition: string; readonly event: OptOutEvent }>;
  /** The outbox: events that Airtable does not have yet, oldest first. */
  listPending(): Promise<PendingOptOut[]>;
  /** Removes an event from the outbox. */
  settle(pending: PendingOptOut): Promise<void>;
  /** The records whose `opt_out` tick is the service's own, not a person's. */
  ownTicks(recordIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Records that the tick is the service's own, after Airtable accepted it; or removes that once the tick is removed.
   */
  setOwnTick(recordId: string, ours: boolean): Promise<void>;
}
