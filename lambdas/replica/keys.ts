import { createHash } from 'node:crypto';
import type { AddressKey } from '../phone-number/address';

/** The key of an item in either table. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** A key as one text. */
export function keyAsText({ pk, sk }: ItemKey): string {
  return JSON.stringify([pk, sk]);
}

/** A way to find a customer other than by record id. */
export type Lookup =
  | { readonly kind: 'address'; readonly text: AddressKey }
  /** The last seven digits of a run of digits in an unreadable number cell. */
  | { readonly kind: 'tail'; readonly text: string }
  /** The text of the `id` column. */
  | { readonly kind: 'id'; readonly text: string };

/** DynamoDB's limit for a sort key, in bytes of UTF-8. The limit for a partition key, 2,048, is then never reached. */
const SORT_KEY_BYTES = 1_024;
/** A longer text is replaced by its hash in a key, so that the base's id and the kind also fit. */
const PART_BYTES = 900;
/** White space in a folded name is a plain space, so this sorts a name before every longer one that begins with it. */
const END_OF_NAME = '\t';

/** The keys of a base's items in the replica table. */
export class ReplicaKeys {
  readonly #base: string;

  constructor(baseId: string) {
    this.#base = keyPart(baseId);
  }

  /** The item that holds the lease and the state of sync. */
  get sync(): ItemKey {
    return { pk: `${this.#base}#sync`, sk: 'sync' };
  }

  /** The webhook's item: the only one that the `airtable-webhook` function may read. */
  get webhook(): ItemKey {
    return webhookKey(this.#base);
  }

  customer(recordId: string): ItemKey {
    return { pk: `${this.customers}${keyPart(recordId)}`, sk: 'customer' };
  }

  /** The prefix of the partition key of each customer and each tombstone. */
  get customers(): string {
    return `${this.#base}#customer#`;
  }

  /** The partition of the record ids that this lookup finds. */
  lookup({ kind, text }: Lookup): string {
    return `${this.#base}#${kind}#${keyPart(text)}`;
  }

  /** The item by which this lookup finds the customer. */
  lookupItem(lookup: Lookup, recordId: string): ItemKey {
    return { pk: this.lookup(lookup), sk: keyPart(recordId) };
  }

  /** The partition of the workers who own customers. */
  get owners(): string {
    return `${this.#base}#owners`;
  }

  owner(identity: string): ItemKey {
    return { pk: this.owners, sk: keyPart(identity) };
  }

  /** The partition of a worker's customers in the index by owner. */
  ownedBy(identity: string): string {
    return `${this.#base}#owner#${keyPart(identity)}`;
  }

  /** The customer's place in its owner's list. */
  inList(sortName: string, recordId: string): string {
    const end = `${END_OF_NAME}${keyPart(recordId)}`;
    const name = wellFormed(sortName).replace(/\p{Cc}/gu, ' ');
    return cutToBytes(name, SORT_KEY_BYTES - Buffer.byteLength(end)) + end;
  }

  /** The partition of the templates, of all versions, and of the pointer to the current one. */
  get templates(): string {
    return `${this.#base}#templates`;
  }

  get templatesPointer(): ItemKey {
    return { pk: this.templates, sk: 'pointer' };
  }

  template(version: string, index: number): ItemKey {
    return { pk: this.templates, sk: `${version}#${String(index).padStart(6, '0')}` };
  }

  /** The claim to create a customer with this address. */
  claim(key: AddressKey): ItemKey {
    return { pk: `${this.#base}#claim#${keyPart(key)}`, sk: 'claim' };
  }
}

/** The webhook item's key, for the policy of the `airtable-webhook` function. */
export function webhookKey(baseId: string): ItemKey {
  return { pk: `${baseId}#webhook`, sk: 'webhook' };
}

/** The record id at the end of a place in a list. */
export function recordIdIn(place: string): string {
  return place.slice(place.lastIndexOf(END_OF_NAME) + 1);
}

/** The text as part of a key; a long one as its hash. Equal for equal texts only. */
export function keyPart(text: string): string {
  const readable = wellFormed(text);
  // A text that looks like a hash is hashed too, so that no text can collide with another's hash.
  if (readable !== '' && Buffer.byteLength(readable) <= PART_BYTES && !readable.startsWith('sha256:')) {
    return readable;
  }
  return `sha256:${createHash('sha256').update(readable).digest('hex')}`;
}

/** The longest prefix of the text within the length in UTF-8; no character is cut in two. */
export function cutToBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return encoded.subarray(0, end).toString();
}

/** The text with a replacement character for each half of a surrogate pair: DynamoDB accepts only UTF-8. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
