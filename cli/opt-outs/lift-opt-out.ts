import { partitionsOf } from '../../lambdas/opt-out/opt-out-state';
import type { OptOutEvent, OptOutStore } from '../../lambdas/opt-out/opt-out-store';
import {
  type Address,
  addressOn,
  type Channel,
  type CountryCode,
  digitTailOf,
  parseAddress,
  readNumberCell,
  spellingsOf,
} from '../../lambdas/phone-number/address';
import type { ReplicaStore, StoredCustomer } from '../../lambdas/replica/replica-store';
import { currentOptOuts } from './opt-out-events';

/** The stores of a lift. */
export interface LiftStores {
  readonly optOuts: Pick<OptOutStore, 'eventsOf' | 'ownTicks' | 'record' | 'recordFor'>;
  readonly replica: Pick<ReplicaStore, 'recordIdsAt' | 'customersByRecordId'>;
}

/** The opt-outs of an address, to show before they are lifted. */
export interface OptOutsOfAddress {
  readonly address: Address;
  /** The spellings under which events may be stored. */
  readonly spellings: readonly string[];
  readonly customers: readonly StoredCustomer[];
  /** Every event that applies to the address. */
  readonly events: readonly OptOutEvent[];
  /** The channels that are opted out in any part, each with the event that opted it out. */
  readonly current: ReadonlyMap<Channel, OptOutEvent>;
}

/** Parses an address in Twilio's format, or a number in this country's format. Null for any other text. */
export function readAddress(text: string, country: CountryCode): Address | null {
  const address = parseAddress(text);
  if (address !== null) return address;
  const cell = readNumberCell(text, 'sms', country);
  return cell.kind === 'one' ? addressOn('sms', cell.value) : null;
}

/** Reads the opt-outs of an address and the customers who have it. */
export async function readOptOuts(address: Address, stores: LiftStores): Promise<OptOutsOfAddress> {
  const { optOuts, replica } = stores;
  const spellings = [...new Set([...spellingsOf(address.key), address.text])];
  const ownEvents = await optOuts.eventsOf(spellings);
  const recordIds = await replica.recordIdsAt([address.key], []);
  const customers = [
    ...(await replica.customersByRecordId(recordIds)).values(),
    ...(await customersWithCopies(address, ownEvents, stores)),
  ];
  const eventsOfParts = [ownEvents];
  for (const customer of customers) {
    eventsOfParts.push(await optOuts.eventsOf(partitionsOf(customer)));
    eventsOfParts.push(await optOuts.eventsOf([customer.recordId]));
  }
  return { address, spellings, customers, events: eventsOfParts.flat(), current: optedOutIn(eventsOfParts) };
}

/**
 * Customers with an unreadable number cell who got a copy of this address's STOP because the cell ends in the same
 * digits. A customer who is also opted out by another number's STOP stays opted out.
 */
async function customersWithCopies(
  { key }: Address,
  ownEvents: readonly OptOutEvent[],
  { optOuts, replica }: LiftStores,
): Promise<readonly StoredCustomer[]> {
  const tail = digitTailOf(key);
  if (tail === null) return [];
  const known = new Set(await replica.recordIdsAt([key], []));
  const recordIds = (await replica.recordIdsAt([], [tail])).filter((recordId) => !known.has(recordId));
  const ownIds = new Set(ownEvents.map(({ id }) => id));
  const withCopies: string[] = [];
  for (const recordId of recordIds) {
    const events = await optOuts.eventsOf([recordId]);
    const isCopy = events.every(({ kind, id }) => kind === 'opt-in' || ownIds.has(id));
    if (events.length > 0 && isCopy) withCopies.push(recordId);
  }
  return [...(await replica.customersByRecordId(withCopies)).values()];
}

/**
 * The channels that are opted out in any part, each with the event that opted it out. One part is enough, so that the
 * next lift completes an interrupted one.
 */
function optedOutIn(parts: readonly (readonly OptOutEvent[])[]): ReadonlyMap<Channel, OptOutEvent> {
  const current = new Map<Channel, OptOutEvent>();
  for (const [channel, event] of parts.flatMap((events) => [...currentOptOuts(events)])) {
    const known = current.get(channel);
    if (known === undefined || Date.parse(event.at) < Date.parse(known.at)) current.set(channel, event);
  }
  return current;
}

/**
 * Lifts the opt-outs: records events under the customers' record ids and every spelling of the address. Their time is
 * later than that of each event that they lift, even if this machine's clock is behind.
 * @param id the same for a retry of the same lift
 */
export async function liftOptOuts(
  { spellings, customers, events, current }: OptOutsOfAddress,
  { reason, now, id }: { readonly reason: string; readonly now: number; readonly id: string },
  { optOuts }: LiftStores,
): Promise<void> {
  const times = events.flatMap(({ at }) => (Number.isNaN(Date.parse(at)) ? [] : Date.parse(at) + 1));
  const at = new Date(Math.max(now, ...times)).toISOString();
  for (const channel of current.keys()) {
    const event: OptOutEvent = {
      kind: 'opt-in',
      channel,
      keyword: `lifted: ${reason}`,
      at,
      id: `${id}-${channel}`,
    };
    await optOuts.recordFor(
      customers.map(({ recordId }) => recordId),
      event,
    );
    for (const spelling of spellings) await optOuts.record(spelling, event);
  }
}
