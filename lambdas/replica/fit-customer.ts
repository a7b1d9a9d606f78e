import type { Customer } from '../customers/customer';
import type { Item } from './dynamo-access';
import { cutToBytes } from './keys';

/**
 * DynamoDB's limit is 400 kB (409,600 bytes) including attribute names; the margin covers estimates that are too low.
 */
const ITEM_BYTES = 400_000;
/** Longer than any real name. */
const NAME_BYTES = 16_384;
/** Shown only in a customer's details, and removable when a record is too large. */
const CARD_TEXTS = ['notes', 'linkedin', 'email', 'avatar'] as const;

interface Fitted {
  readonly item: Item;
  /** The columns that were left out. */
  readonly trimmed: readonly string[];
}

/**
 * The customer's item, without its longest columns where it is too large. Name, owner, addresses and opt-out stay. A
 * record that is still too large is left for DynamoDB to reject.
 */
export function fitCustomer(customer: Customer, toItem: (customer: Customer) => Item): Fitted {
  const trimmed = new Set<string>();
  let fitting = customer;
  for (;;) {
    const item = toItem(fitting);
    const surplus = itemBytes(item) - ITEM_BYTES;
    if (surplus <= 0) return { item, trimmed: [...trimmed] };
    const longest = longestColumns(fitting, surplus);
    if (longest.length === 0) {
      const name = fitting.name && cutToBytes(fitting.name, NAME_BYTES);
      return { item: toItem({ ...fitting, name, columns: new Map() }), trimmed: [...trimmed, 'name'] };
    }
    for (const column of longest) {
      trimmed.add(column);
      fitting = without(fitting, column);
    }
  }
}

/** As many of the longest columns as cover the surplus: a record may have hundreds of long ones. */
function longestColumns(customer: Customer, surplus: number): readonly string[] {
  const kept = new Set([customer.name, customer.owner, customer.sms, customer.whatsapp]);
  const candidates = [
    ...[...customer.columns].filter(([, text]) => !kept.has(text)),
    ...CARD_TEXTS.map((name) => [name, customer[name] ?? ''] as const),
  ]
    .map(([name, text]) => ({ name, bytes: Buffer.byteLength(text) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
  let sum = 0;
  const longest: string[] = [];
  for (const { name, bytes } of candidates) {
    if (sum >= surplus) break;
    sum += bytes;
    longest.push(name);
  }
  return longest;
}

function without(customer: Customer, column: string): Customer {
  const columns = new Map([...customer.columns].filter(([name]) => name !== column));
  const card = CARD_TEXTS.filter((name) => name === column).map((name) => [name, null]);
  return { ...customer, columns, ...Object.fromEntries(card) };
}

/** The size of an item as DynamoDB counts it: names and values in UTF-8, and a few bytes for each list and map. */
function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value),
    0,
  );
}

function bytesOf(value: Item[string]): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return value.N.length;
  if (value.L !== undefined) return value.L.reduce((sum, each) => sum + bytesOf(each) + 1, 3);
  if (value.M !== undefined) return itemBytes(value.M) + Object.keys(value.M).length + 3;
  return 1;
}
