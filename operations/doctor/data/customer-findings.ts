import { partitionsOf } from '../../../lambdas/opt-out/opt-out-state';
import { type AddressKey, isPossibleNumber } from '../../../lambdas/phone-number/address';
import { currentOptOuts, type OptOutEvents } from '../../opt-outs/opt-out-events';
import type { Finding } from '../check';
import type { CustomerEntry, TypedNumber } from './team-data';

/** Number cells that nothing can be read from, or a number that its country does not have. */
export function unreadableNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  return numberCells(
    customers,
    ({ cell }) => cell.kind === 'unreadable' || (cell.kind === 'one' && isSlip(cell)),
  );
}

function isSlip({ key, value }: { readonly key: AddressKey; readonly value: string }): boolean {
  return key.startsWith('phone:') && !isPossibleNumber(value);
}

/** Number cells that hold several numbers. */
export function severalNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  return numberCells(customers, ({ cell }) => cell.kind === 'several');
}

function numberCells(
  customers: readonly CustomerEntry[],
  isMeant: (number: TypedNumber) => boolean,
): readonly Finding[] {
  return customers.flatMap(({ name, link, numbers }) =>
    numbers.filter(isMeant).map(({ column, text }) => ({ what: `${name}: ${column} is "${text}"`, link })),
  );
}

/** Texts in `opt_out` that are neither a yes nor a no. */
export function unclearOptOuts(customers: readonly CustomerEntry[]): readonly Finding[] {
  return customers
    .filter(({ optOut }) => optOut.cell === 'unclear')
    .map(({ name, link, optOut }) => ({ what: `${name}: opt_out is "${optOut.text}"`, link }));
}

/** Customers who share a phone or a WhatsApp user, one by one. The same one for SMS and WhatsApp is no double. */
export function sharedNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  const holders = new Map<AddressKey, readonly CustomerEntry[]>();
  for (const customer of customers) {
    for (const key of addressKeysOf(customer)) holders.set(key, [...(holders.get(key) ?? []), customer]);
  }
  return [...holders].flatMap(([key, sharers]) =>
    sharers.length === 1
      ? []
      : sharers.map(({ name, link }, index) => ({
          what: `${key.replace(/^[a-z-]+:/, '')}: ${name}${index === 0 ? '' : `, as well as ${sharers[0]?.name}`}`,
          link,
        })),
  );
}

/** The keys of every address that the customer's number cells hold. */
export function addressKeysOf({ numbers }: Pick<CustomerEntry, 'numbers'>): readonly AddressKey[] {
  const keys = numbers.flatMap(({ cell }) => {
    if (cell.kind === 'one') return [cell.key];
    return cell.kind === 'several' ? cell.keys : [];
  });
  return [...new Set(keys)];
}

/**
 * Customers who are opted out by what they or a person said, and whose `opt_out` in the base does not say so.
 * @param waiting ids of events that Airtable does not have yet: these are left out
 */
export function untickedOptOuts(
  customers: readonly CustomerEntry[],
  events: OptOutEvents,
  waiting: ReadonlySet<string>,
): readonly Finding[] {
  return customers.flatMap((customer) => {
    const { recordId, name, link, optOut } = customer;
    if (optOut.cell !== 'no') return [];
    const current = currentOptOuts(
      events.of(partitionsOf({ recordId, addressKeys: addressKeysOf(customer) })),
    );
    return [...current].flatMap(([channel, { id, keyword, at }]) =>
      waiting.has(id)
        ? []
        : [{ what: `${name}: ${keyword} by ${channel === 'sms' ? 'SMS' : 'WhatsApp'} at ${at}`, link }],
    );
  });
}

/** Each owner once, with their customers, in the order of the table. */
export function customersByOwner(
  customers: readonly CustomerEntry[],
): ReadonlyMap<string, readonly CustomerEntry[]> {
  const owners = new Map<string, CustomerEntry[]>();
  for (const customer of customers) {
    if (customer.owner === null) continue;
    const owned = owners.get(customer.owner) ?? [];
    owned.push(customer);
    owners.set(customer.owner, owned);
  }
  return owners;
}
