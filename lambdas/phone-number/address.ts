/**
 * The one notion of an address: who wants to know whether two texts mean one phone asks here, be they cells, webhook
 * parameters, a row of an import or a channel of `CreateCustomer`.
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
} from './twilio-address';
