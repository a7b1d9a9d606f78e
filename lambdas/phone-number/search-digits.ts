import { getCountryCallingCode } from 'libphonenumber-js/min';
import { digitsOf, foldDigits, plainNumberText } from './comparable-number';
import { type AddressKey, type CountryCode, spellingsOf } from './twilio-address';

/** Fewer digits after a calling code may also be the number's own first ones. */
const MIN_DIGITS_AFTER_CODE = 3;

/** Digits and the characters that people type between them. */
const JUST_DIGITS = /^[+\d\s\p{P}\p{S}]+$/u;

/**
 * The forms in which a cell may contain the typed part of a number: as typed, without the default country's calling
 * code, and without a trunk zero. Empty where the query contains anything but digits and punctuation.
 */
export function digitForms(query: string, country: CountryCode): string[] {
  // In "+44 (0)20 …" the zero is not dialled from abroad.
  const number = plainNumberText(query)
    .trim()
    .replace(/^whatsapp:/i, '')
    .trim()
    .replace('(0)', '');
  const digits = digitsOf(number);
  if (digits === '' || !JUST_DIGITS.test(number)) return [];
  const isInternational = /^[^0-9]*\+|^00/.test(number);
  const typed = isInternational ? digits.replace(/^00/, '') : digits;
  const code = getCountryCallingCode(country);
  const behindCode = typed.startsWith(code) ? typed.slice(code.length) : '';
  const hasCode = behindCode !== '' && (isInternational || behindCode.length >= MIN_DIGITS_AFTER_CODE);
  const withoutTrunkZero = isInternational ? typed : typed.replace(/^0/, '') || typed;
  return [...new Set([typed, withoutTrunkZero, ...(hasCode ? [behindCode] : [])])].filter(Boolean);
}

/**
 * The digits by which a customer is found: those of each number cell as typed, and each address in every form.
 * One text, in which the digits of two numbers are always separated.
 */
export function searchDigitsOf(cells: readonly string[], keys: readonly AddressKey[]): string {
  const typed = cells.map((cell) => digitsOf(foldDigits(cell).replace('(0)', '')));
  const known = keys
    .filter((key) => key.startsWith('phone:'))
    .flatMap((key) => spellingsOf(key).map(digitsOf));
  return [...new Set([...typed, ...known])].filter(Boolean).join(' ');
}
