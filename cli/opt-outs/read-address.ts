import {
  type Address,
  addressOn,
  type CountryCode,
  parseAddress,
  readNumberCell,
} from '../../lambdas/phone-number/address';

/**
 * Parses an address in Twilio's format, a WhatsApp user id, or a number as people of this country write it. Null for any
 * other text.
 */
export function readAddress(text: string, country: CountryCode): Address | null {
  // In Twilio's own format only a WhatsApp user id has no form without a channel.
  const address = parseAddress(text) ?? parseAddress(`whatsapp:${text.trim()}`);
  if (address !== null) return address;
  const cell = readNumberCell(text, 'sms', country);
  return cell.kind === 'one' ? addressOn('sms', cell.value) : null;
}
