import type { Customer } from '../customers/customer';
import { type Channel, spellingsOf } from '../phone-number/address';

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

/** The partitions of a customer's events: every spelling of every address, and the record id. */
export function partitionsOf(customer: Pick<Customer, 'recordId' | 'addressKeys'>): string[] {
  return [...new Set([...customer.addressKeys.flatMap(spellingsOf), customer.recordId])];
}

/** The channels whose latest event is an opt-out. At equal times the opt-out wins. */
export function optedOutChannels(events: readonly OptOutEvent[]): ReadonlySet<Channel> {
  const latest = new Map<Channel, OptOutEvent>();
  for (const event of events) {
    const known = latest.get(event.channel);
    if (known === undefined || isLater(event, known)) latest.set(event.channel, event);
  }
  return new Set([...latest].filter(([, { kind }]) => kind === 'opt-out').map(([channel]) => channel));
}

function isLater(event: OptOutEvent, known: OptOutEvent): boolean {
  const [time, knownTime] = [timeOf(event), timeOf(known)];
  return time > knownTime || (time === knownTime && event.kind === 'opt-out');
}

/** Where the time cannot be read, the opt-out also wins. */
function timeOf({ at, kind }: OptOutEvent): number {
  const time = Date.parse(at);
  if (!Number.isNaN(time)) return time;
  return kind === 'opt-out' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
