/** The country calling code of a country, digits only: "1" for US. */
export { getCountryCallingCode as callingCode } from 'libphonenumber-js/min';
export type { CountryCode, E164Number } from './address';
export { toE164 } from './number-cell';
