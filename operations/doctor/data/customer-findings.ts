import type { E164Number } from '../../../lambdas/phone-number/phone-number';
import type { Finding } from '../check';
import type { CustomerEntry, TypedNumber } from './team-data';

/** Digits of another script. They may make a number, but the service looks for 0 to 9 (README, "Limits"). */
const OTHER_DIGIT = /(?![0-9])\p{Nd}/u;

/** Numbers under which nobody is found or written to. */
export function unusableNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  return customers.flatMap(({ name, link, numbers }) =>
    numbers.filter(isUnusable).map(({ column, text }) => ({ what: `${name}: ${column} is "${text}"`, link })),
  );
}

function isUnusable({ text, number }: TypedNumber): boolean {
  return number === null || OTHER_DIGIT.test(text);
}

/** Customers who share a number, number by number. The same one for SMS and WhatsApp is no double. */
export function sharedNumbers(customers: readonly CustomerEntry[]): readonly Finding[] {
  const holders = new Map<E164Number, readonly CustomerEntry[]>();
  for (const customer of customers) {
    const numbers = new Set(customer.numbers.flatMap(({ number }) => number ?? []));
    for (const number of numbers) holders.set(number, [...(holders.get(number) ?? []), customer]);
  }
  return [...holders].flatMap(([number, sharers]) =>
    sharers.length === 1
      ? []
      : sharers.map(({ name, link }, index) => ({
          what: `${number}: ${name}${index === 0 ? '' : `, as well as ${sharers[0]?.name}`}`,
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
