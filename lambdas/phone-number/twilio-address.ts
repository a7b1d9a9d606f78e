import { type CountryCode, comparableNumber, type E164Number, isPossibleNumber } from './comparable-number';
import { formsOf } from './renumbering';

export type { CountryCode, E164Number };
export { isPossibleNumber };

export type Channel = 'sms' | 'whatsapp';

/**
 * Identifies a phone regardless of spelling: a phone number in one comparable form, or a WhatsApp user id. The channel
 * is not part of it. The only definition of equality for cells, webhook parameters, import and `CreateCustomer`.
 */
export type AddressKey = `phone:+${string}` | `whatsapp-id:${string}`;

/** An end of a conversation: the customer's or the team's own. */
export interface Address {
  readonly channel: Channel;
  /** In Twilio's format: `+14155550102`, `whatsapp:+5215512345678`, `whatsapp:US.13491208655302741918`. */
  readonly text: string;
  readonly key: AddressKey;
}

const WHATSAPP = 'whatsapp:';

/** An E.164 number in Twilio's format, even if the metadata does not know it. */
export const E164 = /^\+[1-9]\d{5,14}$/;

/**
 * A WhatsApp user id (twilio.md#whatsapp-user-ids): country, dot, letters and digits. It is case-sensitive, and is
 * never read as a number.
 */
export const WHATSAPP_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;

/** The number, or WhatsApp user id, of an address in Twilio's format, as a person reads it. */
export function withoutChannel(text: string): string {
  return text.startsWith(WHATSAPP) ? text.slice(WHATSAPP.length) : text;
}

/** Parses an address in Twilio's format. Null for a short code, a sender's name, a chat identity, another channel. */
export function parseAddress(text: string): Address | null {
  const trimmed = text.trim();
  const isWhatsApp = trimmed.startsWith(WHATSAPP);
  const value = withoutChannel(trimmed);
  if (!E164.test(value) && !(isWhatsApp && WHATSAPP_ID.test(value))) return null;
  return addressOn(isWhatsApp ? 'whatsapp' : 'sms', value);
}

/**
 * The address of an E.164 number on a channel, or of a WhatsApp user id, which is on WhatsApp only.
 * @param value without `whatsapp:`
 */
export function addressOn(channel: Channel, value: string): Address {
  const isOnWhatsApp = channel === 'whatsapp' || WHATSAPP_ID.test(value);
  return {
    channel: isOnWhatsApp ? 'whatsapp' : 'sms',
    text: isOnWhatsApp ? WHATSAPP + value : value,
    key: keyOf(value),
  };
}

/** The key of an E.164 number or a WhatsApp user id. */
export function keyOf(value: string): AddressKey {
  if (WHATSAPP_ID.test(value)) return `whatsapp-id:${value}`;
  return `phone:+${comparableNumber(value).replace(/^\+/, '')}`;
}

/** Every spelling that Twilio may use for the address, on every channel. */
export function spellingsOf(key: AddressKey): string[] {
  const value = valueIn(key);
  if (!key.startsWith('phone:')) return [WHATSAPP + value];
  return formsOf(value).flatMap((form) => [form, WHATSAPP + form]);
}

/**
 * The last seven digits of the number, by which an unreadable cell is found: all ways of typing a number share these.
 * Null for a WhatsApp user id.
 */
export function digitTailOf(key: AddressKey): string | null {
  return key.startsWith('phone:') ? valueIn(key).replace(/^\+/, '').slice(-7) : null;
}

/** The number or the WhatsApp user id in a key. */
function valueIn(key: AddressKey): string {
  return key.slice(key.indexOf(':') + 1);
}
