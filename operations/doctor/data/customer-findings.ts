import {
  type AddressKey,
  isPossibleNumber,
  keysOf,
  parseAddress,
} from '../../../lambdas/phone-number/address';
import type { Finding } from '../check';
import type { CustomerEntry, TypedNumber } from './team-data';

/** Number cells under which no customer is written to, each with the reason. */
export function unusableNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  return customers.flatMap(({ name, link, numbers }) =>
    numbers.flatMap((number) => {
      const why = whyUnusable(number);
      return why === null ? [] : [{ what: `${name}: ${number.column} is "${number.text}"${why}`, link }];
    }),
  );
}

/** What to add to the cell itself; blank where it is plain to see that the text is not a number. */
function whyUnusable({ column, cell }: TypedNumber): string | null {
  if (cell.kind === 'several') {
    return cell.keys.length > 1 || cell.tails.length > 0
      ? ', which holds several numbers'
      : ', which is a WhatsApp user id';
  }
  if (cell.kind !== 'one') return '';
  const isId =
    column === 'whatsapp' && parseAddress(`whatsapp:${cell.value}`)?.key.startsWith('whatsapp-id:');
  return isId || isPossibleNumber(cell.value) ? null : ', which is not a number of its country';
}

/** Customers who share an address, address by address. The same one for SMS and WhatsApp is not a double. */
export function sharedNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  const holders = new Map<AddressKey, readonly CustomerEntry[]>();
  for (const customer of customers) {
    const keys = new Set(customer.numbers.flatMap(({ cell }) => keysOf(cell)));
    for (const key of keys) holders.set(key, [...(holders.get(key) ?? []), customer]);
  }
  return [...holders].flatMap(([key, sharers]) =>
    sharers.length === 1
      ? []
      : sharers.map(({ name, link }, index) => ({
          what: `${key.slice(key.indexOf(':') + 1)}: ${name}${index === 0 ? '' : `, as well as ${sharers[0]?.name}`}`,
          link,
        })),
  );
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
