import type { Channel } from '../phone-number/address';

/**
 * One word of a customer, or a person's decision, about messages on a channel. Events are never changed or removed:
 * they are the proof that a regulator asks for.
 */
export interface OptOutEvent {
  readonly kind: 'opt-out' | 'opt-in';
  readonly channel: Channel;
  /** The word as it was understood (STOP), `hand` for a tick in the base, or `lifted: <reason>`. */
  readonly keyword: string;
  /** ISO 8601 UTC: the message's `DateCreated`, else the time of arrival. */
  readonly at: string;
  /** The message's SID, else an id that is equal for the same event. Makes repeats harmless. */
  readonly id: string;
}

/** An event that Airtable does not have yet, and the address under which it was recorded. */
export interface PendingOptOut {
  readonly address: string;
  readonly event: OptOutEvent;
}

/**
 * The opt-out table. A partition is an address as Twilio wrote it (`+14155550102`, `whatsapp:+5215512345678`), or a
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
  /** The outbox: events that Airtable does not have yet, the oldest first. */
  listPending(): Promise<PendingOptOut[]>;
  /** Takes an event out of the outbox. */
  settle(pending: PendingOptOut): Promise<void>;
  /** Whether the tick in the record's `opt_out` cell is ours, not a person's. */
  ownTicks(recordIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Remembers, after Airtable took it, that the tick is ours; or forgets it after ours was taken away. */
  setOwnTick(recordId: string, ours: boolean): Promise<void>;
}
