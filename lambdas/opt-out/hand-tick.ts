import type { Customer } from '../customers/customer';
import { type Address, addressOn, type Channel, parseAddress, spellingsOf } from '../phone-number/address';
import type { OptOutEvent, PendingOptOut } from './opt-out-store';

/** The keyword of a tick that a person set in the base. */
const HAND = 'hand';

/** Whether a person, not a customer's STOP, opted the customer out in the base. */
export function isTickedByHand({ optOutCell }: Pick<Customer, 'optOutCell'>, isOwnTick: boolean): boolean {
  return optOutCell === 'unclear' || (optOutCell === 'yes' && !isOwnTick);
}

/**
 * Converts the tick of a deleted customer to events under its addresses, so that the numbers stay opted out.
 * @param leftAt when the record left the base, milliseconds since the epoch. The same record and time give the same
 * events, so that a repeat is harmless.
 */
export function handTickEvents(
  customer: Pick<Customer, 'recordId' | 'sms' | 'whatsapp' | 'addressKeys'>,
  leftAt: number,
): PendingOptOut[] {
  return addressesToKeep(customer).map(({ text, channel }) => ({
    address: text,
    event: handTickEvent(customer.recordId, channel, leftAt),
  }));
}

/** The event of `handTickEvents` on one channel. */
export function handTickEvent(recordId: string, channel: Channel, leftAt: number): OptOutEvent {
  return {
    kind: 'opt-out',
    channel,
    keyword: HAND,
    at: new Date(leftAt).toISOString(),
    id: `hand-${recordId}`,
  };
}

/** The addresses as in the columns; of a cell with several numbers, each on both channels. */
function addressesToKeep({
  sms,
  whatsapp,
  addressKeys,
}: Pick<Customer, 'sms' | 'whatsapp' | 'addressKeys'>): Address[] {
  const written = [
    ...(sms === null ? [] : [addressOn('sms', sms)]),
    ...(whatsapp === null ? [] : [addressOn('whatsapp', whatsapp)]),
  ];
  const others = addressKeys.filter((key) => written.every((address) => address.key !== key));
  return [
    ...written,
    ...others.flatMap((key) => {
      const spellings = spellingsOf(key).flatMap((text) => parseAddress(text) ?? []);
      return (['sms', 'whatsapp'] as const).flatMap(
        (channel) => spellings.find((address) => address.channel === channel) ?? [],
      );
    }),
  ];
}
