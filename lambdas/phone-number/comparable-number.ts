import { type CountryCode, type E164Number, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { dialledForm, renumber } from './renumbering';

export type { CountryCode, E164Number };

/**
 * The form of a number in which two numbers of one phone are equal. A national prefix behind the country code is left
 * out, as in +44 (0)20 7946 0958. A number that the metadata does not know stays as it is.
 */
export function comparableNumber(number: string): string {
  const phone = parsePhoneNumberFromString(number);
  const known = phone?.isPossible() ? phone.number : number;
  // Without one prefix, zeros that nobody has as a number begin with another.
  return known.length < number.length ? comparableNumber(known) : renumber(known);
}

/** Whether the numbering plan of its country has numbers like an E.164 number, today or before a renumbering. */
export function isPossibleNumber(number: string): boolean {
  return readAs(number) !== null;
}

/**
 * Reads digits, with + in front where the country code is there.
 * "Possible" and not "valid": numbering plans grow faster than metadata, and no customer should get lost for it.
 * @returns the number to write to, or null where no number has so many digits.
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
