import { partitionsOf } from '../../../lambdas/opt-out/opt-out-state';
import {
  type AddressKey,
  isPossibleNumber,
  keysOf,
  type NumberCell,
} from '../../../lambdas/phone-number/address';
import { currentOptOuts, type OptOutEvents } from '../../opt-outs/opt-out-events';
import type { Finding } from '../health-check';
import type { CustomerEntry, TypedNumber } from './team-data';

/** Number cells under which no customer is written to, though they are meant to hold one number; with the reason. */
export function unusableNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  return numberCells(customers, whyUnusable);
}

/** Number cells that hold several numbers. */
export function severalNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  return numberCells(customers, ({ cell }) => (holdsSeveral(cell) ? '' : null));
}

/** @param reason what to add to the cell's text; null for a cell that is not meant */
function numberCells(
  customers: readonly CustomerEntry[],
  reason: (number: TypedNumber) => string | null,
): readonly Finding[] {
  return customers.flatMap(({ name, link, numbers }) =>
    numbers.flatMap((number) => {
      const why = reason(number);
      return why === null ? [] : [{ what: `${name}: ${number.column} is "${number.text}"${why}`, link }];
    }),
  );
}

/** Blank where it is plain to see that the text is not a number. */
function whyUnusable({ cell }: TypedNumber): string | null {
  if (cell.kind === 'unreadable') return '';
  if (cell.kind === 'several') return holdsSeveral(cell) ? null : ', which is a WhatsApp user id';
  const isSlip = cell.kind === 'one' && cell.key.startsWith('phone:') && !isPossibleNumber(cell.value);
  return isSlip ? ', which is not a number of its country' : null;
}

function holdsSeveral(cell: NumberCell): boolean {
  return cell.kind === 'several' && (cell.keys.length > 1 || cell.tails.length > 0);
}

/** Texts in `opt_out` that are neither a yes nor a no. */
export function unclearOptOuts(customers: readonly CustomerEntry[]): readonly Finding[] {
  return customers
    .filter(({ optOut }) => optOut.cell === 'unclear')
    .map(({ name, link, optOut }) => ({ what: `${name}: opt_out is "${optOut.text}"`, link }));
}

/** Customers who share a phone or a WhatsApp user, one by one. The same one for SMS and WhatsApp is not a double. */
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
function addressKeysOf({ numbers }: Pick<CustomerEntry, 'numbers'>): readonly AddressKey[] {
  return [...new Set(numbers.flatMap(({ cell }) => keysOf(cell)))];
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
