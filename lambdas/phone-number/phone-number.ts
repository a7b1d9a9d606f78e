import { type CountryCode, type E164Number, parsePhoneNumberFromString } from 'libphonenumber-js/min';

export type { CountryCode, E164Number };

/** Marks that phones and chat apps put round a copied number; they are invisible and no part of it. */
const DIRECTION_MARKS = /[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * The E.164 form of a number as a person types it, or null where the text holds no possible number.
 * `00` in front is read as `+` where the default country does not read it otherwise.
 * "Possible" and not "valid": numbering plans grow faster than metadata, and a customer must not get lost for it.
 */
export function toE164(text: string, defaultCountry: CountryCode): E164Number | null {
  const plain = text.replace(DIRECTION_MARKS, '').replace(/^\s*whatsapp:/i, '');
  return (
    possibleNumber(plain, defaultCountry) ?? possibleNumber(plain.replace(/^\s*00/, '+'), defaultCountry)
  );
}

function possibleNumber(text: string, defaultCountry: CountryCode): E164Number | null {
  const phone = parsePhoneNumberFromString(text, defaultCountry);
  return phone?.isPossible() ? phone.number : null;
}

/** The digits that every way of typing the number has in common: its last seven without country code or trunk zero. */
export function sharedDigits(number: E164Number): string {
  const national = parsePhoneNumberFromString(number)?.nationalNumber ?? number.replace(/\D/g, '');
  return national.slice(-7);
}

/** The country calling code of a country, digits only: "1" for US. */
export { getCountryCallingCode as callingCode } from 'libphonenumber-js/min';
