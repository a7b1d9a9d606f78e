/**
 * The only definition of equal addresses: cells, webhook parameters, rows of an import and channels of `CreateCustomer`
 * all use it.
 */
export { keysOf, type NumberCell, readNumberCell, tailsOf, toE164, toNumberOrId } from './number-cell';
export { digitForms, searchDigitsOf } from './search-digits';
export {
  type Address,
  type AddressKey,
  addressOn,
  type Channel,
  type CountryCode,
  digitTailOf,
  type E164Number,
  isPossibleNumber,
  keyOf,
  parseAddress,
  spellingsOf,
  withoutChannel,
} from './twilio-address';
