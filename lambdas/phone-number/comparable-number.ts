import { type CountryCode, type E164Number, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { dialledForm, renumber } from './renumbering';

export type { CountryCode, E164Number };

/**
 * The form in which two spellings of one phone's number are equal. A national prefix after the country code is removed,
 * as in +44 (0)20 7946 0958. A number that the metadata does not know is unchanged.
 */
export function comparableNumber(number: string): string {
  const phone = parsePhoneNumberFromString(number);
  const known = phone?.isPossible() ? phone.number : number;
  // After one prefix is removed, an impossible number, such as a run of zeros, may begin with another.
  return known.length < number.length ? comparableNumber(known) : renumber(known);
}

/** Whether an E.164 number fits its country's numbering plan, today or before a renumbering. */
export function isPossibleNumber(number: string): boolean {
  return readAs(number) !== null;
}

/**
 * Reads digits, with + in front where they include the country code.
 * "Possible" and not "valid", because numbering plans grow faster than metadata, and no customer should get lost.
 * @returns the number to send to, or null where no number has this many digits.
 */
export function readPossibleNumber(digits: string, country: CountryCode): E164Number | null {
  return readAs(digits, country) ?? (digits.startsWith('00') ? readAs(`+${digits.slice(2)}`, country) : null);
}

function readAs(digits: string, country?: CountryCode): E164Number | null {
  const phone = parsePhoneNumberFromString(digits, country);
  if (phone === undefined) return null;
  if (phone.isPossible()) return dialledForm(phone.number);
  const isRenumbered = renumber(phone.number) !== phone.number;
  return isRenumbered ? dialledForm(phone.number) : null;
}

/** A digit's value: its distance from the zero of its own script's block. */
function digitValue(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  // Blocks of ten may follow each other without a gap, as in the mathematical digits.
  return String((code - zero) % 10);
}

/**
 * The text with full-width and other compatible characters in their plain form, and every script's digits as 0 to 9.
 */
export function foldDigits(text: string): string {
  return text.normalize('NFKC').replace(/(?![0-9])\p{Nd}/gu, digitValue);
}

/** Marks that phones and chat applications put around and inside a copied number, and those that decorate one. */
const INVISIBLE = /[\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}]|(?!\s)\p{Cc}/gu;

/** The text without invisible characters; white space stays. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** A text prepared for finding numbers: digits 0 to 9, no invisible characters. */
export function plainNumberText(text: string): string {
  return withoutInvisible(foldDigits(text));
}

/** The digits 0 to 9 of a plain text. */
export function digitsOf(plain: string): string {
  return plain.replace(/[^0-9]/g, '');
}
