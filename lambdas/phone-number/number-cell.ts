import { withoutInvisible } from './comparable-number';
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

/** The content of a number cell in the team's table. */
export type NumberCell =
  | { readonly kind: 'blank' }
  /** `value` is the E.164 number, or the WhatsApp user id, that receives messages. */
  | { readonly kind: 'one'; readonly value: string; readonly key: AddressKey }
  /**
   * Several numbers, or one that cannot receive messages in this column: all count for the opt-out guard, and none
   * receives messages. `tails` are those of the unreadable text beside them.
   */
  | { readonly kind: 'several'; readonly keys: readonly AddressKey[]; readonly tails: readonly string[] }
  /** The last seven digits of each run of digits: only for the opt-out guard and for STOP. */
  | { readonly kind: 'unreadable'; readonly tails: readonly string[] };

/**
 * Reads a number cell of the column for a channel. White space and invisible characters inside a number are ignored,
 * digits may be of any script, and any character but a letter may separate them.
 * @param country the country of numbers without a country code
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

/** The keys of all addresses in a cell. */
export function keysOf(cell: NumberCell): readonly AddressKey[] {
  if (cell.kind === 'several') return cell.keys;
  return cell.kind === 'one' ? [cell.key] : [];
}

/** The last seven digits of each unreadable run of digits in a cell. */
export function tailsOf(cell: NumberCell): readonly string[] {
  return cell.kind === 'several' || cell.kind === 'unreadable' ? cell.tails : [];
}

/**
 * The E.164 number that a person types for a new customer. Null where the text holds no number, several, or one outside
 * every numbering plan, because the person who makes a typing error can correct it most easily.
 */
export function toE164(text: string, country: CountryCode): E164Number | null {
  return toNumberOrId(text, 'sms', country);
}

/** As `toE164`; for WhatsApp also accepts a user id, which has no number. */
export function toNumberOrId(text: string, channel: Channel, country: CountryCode): string | null {
  const cell = readNumberCell(text, channel, country);
  if (cell.kind !== 'one') return null;
  return isPossibleNumber(cell.value) || WHATSAPP_ID.test(cell.value) ? cell.value : null;
}

/** A shorter one beside other text may be an abbreviation and a number: DE.4930123456. */
const MIN_ID_LENGTH = 12;

/** WhatsApp user ids in a cell, and the text without them. In a column for SMS, excludes those that may be a number. */
function takeWhatsAppIds(text: string, channel: Channel): { readonly ids: string[]; readonly rest: string } {
  const ids: string[] = [];
  const words = withoutInvisible(text)
    .trim()
    .split(/([\s;,|/]+)/);
  const rest = words.map((word) => {
    const id = word.replace(/^whatsapp:/i, '');
    if (!WHATSAPP_ID.test(id)) return word;
    const isNamedSo = id !== word || (words.length === 1 && channel === 'whatsapp');
    if (!isNamedSo && id.length < MIN_ID_LENGTH + 3) return word;
    ids.push(id);
    return '';
  });
  return { ids, rest: rest.join('') };
}
