import type { Customer } from '../customers/customer';
import { type Channel, spellingsOf } from '../phone-number/address';
import type { OptOutEvent } from './opt-out-store';

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
