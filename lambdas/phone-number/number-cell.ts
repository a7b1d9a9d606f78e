import { withoutInvisible } from './number-text';
import { readNumbers } from './numbers-in-text';
import {
  type AddressKey,
  type Channel,
  type CountryCode,
  type E164Number,
  isPossibleNumber,
  keyOf,
  WHATSAPP_ID,
} from './twilio-address';

/** What a number cell of a person's table holds. */
export type NumberCell =
  | { readonly kind: 'blank' }
  /** `value` is the E.164 number, or the WhatsApp user id, to write to. */
  | { readonly kind: 'one'; readonly value: string; readonly key: AddressKey }
  /**
   * Several numbers, or one that cannot be written to in this column: all count for the opt-out guard, none is written
   * to. `tails` are of what stands beside them and cannot be read.
   */
  | { readonly kind: 'several'; readonly keys: readonly AddressKey[]; readonly tails: readonly string[] }
  /** The last seven digits of each run of digits: for the opt-out guard and for STOP only. */
  | { readonly kind: 'unreadable'; readonly tails: readonly string[] };

/**
 * Reads a number cell of the column for a channel. White space and invisible characters inside a number count for
 * nothing, digits may be those of any script, and anything but a letter may stand between them.
 * @param country whose numbers are written without a country code
 */
export function readNumberCell(text: string, channel: Channel, country: CountryCode): NumberCell {
  const { ids, rest } = takeWhatsAppIds(text, channel);
  const { numbers, tails } = readNumbers(rest, country);
  const values = new Map([...ids, ...numbers].map((value) => [keyOf(value), value] as const));
  const [first, ...others] = values;
  if (first === undefined) {
    return withoutInvisible(text).trim() === '' ? { kind: 'blank' } : { kind: 'unreadable', tails };
  }
  const [key, value] = first;
  const canBeWrittenTo = channel === 'whatsapp' || ids.length === 0;
  return others.length === 0 && tails.length === 0 && canBeWrittenTo
    ? { kind: 'one', value, key }
    : { kind: 'several', keys: [...values.keys()], tails };
}

/** The keys of all addresses that a cell holds. */
export function keysOf(cell: NumberCell): readonly AddressKey[] {
  if (cell.kind === 'several') return cell.keys;
  return cell.kind === 'one' ? [cell.key] : [];
}

/** Of what a cell holds and cannot be read: the last seven digits of each run. */
export function tailsOf(cell: NumberCell): readonly string[] {
  return cell.kind === 'several' || cell.kind === 'unreadable' ? cell.tails : [];
}

/**
 * The E.164 number that a person types for a new customer. Null where the text holds none, several, or one that no
 * numbering plan has: a slip is found most easily by the person who makes it.
 */
export function toE164(text: string, country: CountryCode): E164Number | null {
  return toNumberOrId(text, 'sms', country);
}

/** Likewise, and for WhatsApp also a user id, which has no number. */
export function toNumberOrId(text: string, channel: Channel, country: CountryCode): string | null {
  const cell = readNumberCell(text, channel, country);
  if (cell.kind !== 'one') return null;
  return isPossibleNumber(cell.value) || WHATSAPP_ID.test(cell.value) ? cell.value : null;
}

/** A shorter one beside other text may be an abbreviation and a number: DE.4930123456. */
const FEWEST_OF_ID = 12;

/** WhatsApp user ids that a cell holds, and the text without these. In a column for SMS, none that may be a number. */
function takeWhatsAppIds(text: string, channel: Channel): { readonly ids: string[]; readonly rest: string } {
  const ids: string[] = [];
  const words = withoutInvisible(text)
    .trim()
    .split(/([\s;,|/]+)/);
  const rest = words.map((word) => {
    const id = word.replace(/^whatsapp:/i, '');
    if (!WHATSAPP_ID.test(id)) return word;
    const isNamedSo = id !== word || (words.length === 1 && channel === 'whatsapp');
    if (!isNamedSo && id.length < FEWEST_OF_ID + 3) return word;
    ids.push(id);
    return '';
  });
  return { ids, rest: rest.join('') };
}
