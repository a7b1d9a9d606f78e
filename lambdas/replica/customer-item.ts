import * as v from 'valibot';
import type { Customer } from '../customers/customer';
import type { AddressKey, E164Number } from '../phone-number/address';
import {
  Flag,
  listAttribute,
  NumberOrNull,
  NumberOrZero,
  numberAttribute,
  Text,
  TextOrBlank,
  TextOrNull,
  Texts,
  textAttributes,
} from './attributes';
import type { Item } from './dynamo-access';
import { cutToBytes, type ItemKey, keyAsText, type Lookup, type ReplicaKeys } from './keys';
import type { CustomerWrite, StoredCustomer } from './replica-store';

/**
 * An attachment's link works for two hours after it was read (airtable.md#authentication-and-scopes); the margin covers
 * caches.
 */
const AVATAR_MS = 110 * 60_000;
/** More of a name than any list or conversation shows, so that an index item stays small. */
const SUMMARY_NAME_BYTES = 1_200;
const SEARCH_BYTES = 2_048;
/** A longer address is an attachment's or a mistake; it cannot be shown in a list. */
const SUMMARY_AVATAR_BYTES = 2_048;

/** A customer's lookups in the form that its item stores. */
export function lookupsOf({
  recordId,
  id,
  addressKeys,
  digitTails,
}: Pick<Customer, 'recordId' | 'id' | 'addressKeys' | 'digitTails'>): Lookup[] {
  return [
    ...addressKeys.map((text) => ({ kind: 'address', text }) as const),
    ...digitTails.map((text) => ({ kind: 'tail', text }) as const),
    ...(id === recordId ? [] : [{ kind: 'id', text: id } as const]),
  ];
}

/** The item of a customer, of any size. */
export function customerItem(
  { customer, ...write }: CustomerWrite,
  keys: ReplicaKeys,
  leftovers: readonly ItemKey[],
): Item {
  const { recordId, id, owner, avatar, notes } = customer;
  // The notes may be long: they are stored once, and the name of their column beside them.
  const notesColumn = [...customer.columns].find(([, text]) => notes !== null && text === notes)?.[0];
  const columns = [...customer.columns].filter(([name]) => name !== notesColumn);
  const avatarUntil = write.avatarExpires ? write.readAt + AVATAR_MS : null;
  const shownAvatar = avatar !== null && Buffer.byteLength(avatar) <= SUMMARY_AVATAR_BYTES ? avatar : null;
  return {
    ...textAttributes({
      ...keys.customer(recordId),
      id,
      name: customer.name,
      avatar,
      created_time: customer.createdTime,
      sms: customer.sms,
      whatsapp: customer.whatsapp,
      email: customer.email,
      linkedin: customer.linkedin,
      notes,
      notes_column: notesColumn,
      owner,
      opt_out: customer.optOutCell,
      record_id: recordId,
      columns: JSON.stringify(columns),
      hash: write.hash,
      mapping_version: write.mappingVersion,
      owner_key: owner && keys.ownedBy(owner),
      sort_key: keys.inList(write.sortName, recordId),
      search_name: cutToBytes(write.searchName, SEARCH_BYTES),
      search_digits: cutToBytes(write.searchDigits, SEARCH_BYTES),
    }),
    read_at: numberAttribute(write.readAt),
    address_keys: listAttribute(customer.addressKeys),
    digit_tails: listAttribute(customer.digitTails),
    ...(avatarUntil !== null && { avatar_until: numberAttribute(avatarUntil) }),
    ...(leftovers.length > 0 && { leftovers: listAttribute(leftovers.map(keyAsText)) }),
    summary: {
      M: {
        ...textAttributes({
          id,
          name: customer.name && cutToBytes(customer.name, SUMMARY_NAME_BYTES),
          avatar: shownAvatar,
        }),
        ...(avatarUntil !== null && { avatar_until: numberAttribute(avatarUntil) }),
      },
    },
  };
}

const isAddressKey = (text: string): text is AddressKey => /^(phone:\+|whatsapp-id:)/.test(text);
const isNumber = (text: string): text is E164Number => /^\+\d+$/.test(text);

const Columns = v.fallback(v.pipe(Text, v.parseJson(), v.array(v.tuple([v.string(), v.string()]))), []);

/** A customer's item, or a tombstone, of this version or an earlier one: missing attributes count as blank. */
export const CustomerAttributes = v.object({
  pk: TextOrBlank,
  record_id: TextOrBlank,
  id: TextOrNull,
  name: TextOrNull,
  avatar: TextOrNull,
  avatar_until: NumberOrNull,
  created_time: TextOrBlank,
  sms: v.fallback(v.nullable(v.pipe(Text, v.guard(isNumber))), null),
  whatsapp: TextOrNull,
  email: TextOrNull,
  linkedin: TextOrNull,
  notes: TextOrNull,
  notes_column: TextOrNull,
  owner: TextOrNull,
  // An opt-out that cannot be read counts as one.
  opt_out: v.fallback(v.pipe(Text, v.picklist(['yes', 'no', 'unclear'])), 'unclear'),
  columns: Columns,
  hash: TextOrBlank,
  mapping_version: TextOrBlank,
  read_at: NumberOrZero,
  address_keys: v.pipe(
    Texts,
    v.transform((texts) => texts.filter(isAddressKey)),
  ),
  digit_tails: Texts,
  leftovers: Texts,
  owner_key: TextOrNull,
  /** In a tombstone: the customer's last owner. */
  last_owner_key: TextOrNull,
  sort_key: TextOrBlank,
  deleted: Flag,
});
export type CustomerAttributes = v.InferOutput<typeof CustomerAttributes>;

/** The attributes that `scanHeads` reads. */
export const HEAD_ATTRIBUTES = [
  'record_id',
  'id',
  'read_at',
  'hash',
  'owner',
  'opt_out',
  'address_keys',
  'digit_tails',
  'mapping_version',
  'leftovers',
] as const;

/** The customer in an item; the avatar only while its link works. */
export function customerIn(item: Item, now: number): Customer {
  const { customer, avatarUntil } = parseCustomer(item);
  return { ...customer, avatar: avatarAt(now, customer.avatar, avatarUntil) };
}

/** The customer in an item as sync stored it. */
export function storedCustomer(item: Item): StoredCustomer {
  return parseCustomer(item).stored;
}

/** The avatar while its link works; null afterwards. */
export function avatarAt(now: number, avatar: string | null, until: number | null): string | null {
  return until === null || now < until ? avatar : null;
}

function parseCustomer(item: Item) {
  const read = v.parse(CustomerAttributes, item);
  const id = read.id ?? read.record_id;
  const customer: Customer = {
    id,
    recordId: read.record_id,
    name: read.name,
    avatar: read.avatar,
    createdTime: read.created_time,
    sms: read.sms,
    whatsapp: read.whatsapp,
    email: read.email,
    linkedin: read.linkedin,
    notes: read.notes,
    owner: read.owner,
    optOutCell: read.opt_out,
    addressKeys: read.address_keys,
    digitTails: read.digit_tails,
    columns: new Map(
      read.notes === null || read.notes_column === null
        ? read.columns
        : [...read.columns, [read.notes_column, read.notes]],
    ),
  };
  const stored: StoredCustomer = {
    customer,
    recordId: read.record_id,
    readAt: read.read_at,
    hash: read.hash,
    owner: read.owner,
    optOutCell: read.opt_out,
    addressKeys: read.address_keys,
    digitTails: read.digit_tails,
    idColumn: id === read.record_id ? null : id,
    mappingVersion: read.mapping_version,
    leftovers: read.leftovers,
  };
  return { customer, stored, avatarUntil: read.avatar_until };
}
