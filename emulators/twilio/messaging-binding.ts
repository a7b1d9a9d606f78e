import type { MessagingBinding } from './conversation';
import { twilioError } from './twilio-errors';

const ADDRESS = /^(whatsapp:)?\+[1-9]\d{6,14}$/;

/** A WhatsApp user id, the address of a customer who shares no number (twilio.md#whatsapp-user-ids). */
const WHATSAPP_USER_ID = /^whatsapp:[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

/** The channel of an address; undefined if it is neither a number in E.164 nor a WhatsApp user id. */
export function channelOf(address: string): MessagingBinding['type'] | undefined {
  if (WHATSAPP_USER_ID.test(address)) return 'whatsapp';
  const match = ADDRESS.exec(address);
  if (match === null) return undefined;
  return match[1] === undefined ? 'sms' : 'whatsapp';
}

/**
 * Pairs a customer's address with one of our numbers.
 * @param ourNumbers the senders of the account; an empty list skips the check of the proxy's owner.
 * @throws {TwilioError} 50407-50415 (twilio.md#rest-requests).
 */
export function bind(
  address: string | undefined,
  proxyAddress: string | undefined,
  ourNumbers: readonly string[],
): MessagingBinding {
  if (!address) throw twilioError('addressEmpty');
  if (!proxyAddress) throw twilioError('proxyEmpty');
  const type = channelOf(address);
  const proxyType = channelOf(proxyAddress);
  if (type === undefined) throw twilioError('addressInvalid');
  if (proxyType === undefined) throw twilioError('proxyInvalid');
  if (address === proxyAddress) throw twilioError('addressIsProxy');
  // A number of the account cannot be a customer's.
  if (ourNumbers.includes(address)) throw twilioError('addressInvalid');
  if (type !== proxyType) throw twilioError('channelsDiffer');
  if (ourNumbers.length > 0 && !ourNumbers.includes(proxyAddress)) {
    const onlySms = type === 'whatsapp' && ourNumbers.includes(proxyAddress.replace('whatsapp:', ''));
    throw twilioError(onlySms ? 'proxyNotWhatsApp' : 'proxyNotOurs');
  }
  return { type, address, proxyAddress };
}
