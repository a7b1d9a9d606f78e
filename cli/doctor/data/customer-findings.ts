import { partitionsOf } from '../../../lambdas/opt-out/opt-out-store';
import {
  type AddressKey,
  isPossibleNumber,
  keysOf,
  type NumberCell,
} from '../../../lambdas/phone-number/address';
import { currentOptOuts, type OptOutEvents } from '../../opt-outs/opt-out-events';
import type { Finding } from '../health-check';
import type { CustomerEntry, TypedNumber } from './team-data';

/** Number cells that should hold one number but at which the customer cannot be reached; with the reason. */
export function unusableNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  return numberCells(customers, whyUnusable);
}

/** Number cells that hold several numbers. */
export function severalNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  return numberCells(customers, ({ cell }) => (holdsSeveral(cell) ? '' : null));
}

/** @param reason appended to the cell's text; null leaves the cell out */
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

/** Blank if the text is obviously not a number. */
function whyUnusable({ cell }: TypedNumber): string | null {
  if (cell.kind === 'unreadable') return '';
  if (cell.kind === 'several') return holdsSeveral(cell) ? null : ', which is a WhatsApp user id';
  const isSlip = cell.kind === 'one' && cell.key.startsWith('phone:') && !isPossibleNumber(cell.value);
  return isSlip ? ', which is not a valid number of its country' : null;
}

function holdsSeveral(cell: NumberCell): boolean {
  return cell.kind === 'several' && (cell.keys.length > 1 || cell.tails.length > 0);
}

/** Texts in `opt_out` that mean neither yes nor no. */
export function unclearOptOuts(customers: readonly CustomerEntry[]): readonly Finding[] {
  return customers
    .filter(({ optOut }) => optOut.cell === 'unclear')
    .map(({ name, link, optOut }) => ({ what: `${name}: opt_out is "${optOut.text}"`, link }));
}

/**
 * Customers who share a phone or a WhatsApp user. One customer with the same number in both columns is not a duplicate.
 */
export function sharedNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  const holders = new Map<AddressKey, readonly CustomerEntry[]>();
  for (const customer of customers) {
    for (const key of addressKeysOf(customer)) holders.set(key, [...(holders.get(key) ?? []), customer]);
  }
  return [...holders].flatMap(([key, sharers]) =>
    sharers.length === 1
      ? []
      : sharers.map(({ name, link }, index) => ({
          what: `${key.replace(/^[a-z-]+:/, '')}: ${name}${index === 0 ? '' : `, also used by ${sharers[0]?.name}`}`,
          link,
        })),
  );
}

/** The keys of all addresses in the customer's number cells. */
function addressKeysOf({ numbers }: Pick<CustomerEntry, 'numbers'>): readonly AddressKey[] {
  return [...new Set(numbers.flatMap(({ cell }) => keysOf(cell)))];
}

/**
 * Customers who are opted out, by their own STOP or by a person, but whose `opt_out` in the base does not show it.
 * @param waiting ids of events that are not yet written to Airtable; these are left out
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

/** Each owner once, with their customers, in table order. */
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
