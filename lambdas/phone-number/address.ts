import { type CountryCode, type E164Number, parsePhoneNumberFromString } from 'libphonenumber-js/min';

export type { CountryCode, E164Number };

export type Channel = 'sms' | 'whatsapp';

/**
 * What makes two addresses one phone, whatever their spelling: a phone number in one comparable form, or a WhatsApp
 * user id. The channel is not part of it. The one notion of equality for cells, webhook parameters, import and
 * `CreateCustomer`.
 */
export type AddressKey = `phone:+${string}` | `whatsapp-id:${string}`;

/** A customer's or our own end of a conversation. */
export interface Address {
  readonly channel: Channel;
  /** As Twilio writes it: `+14155550102`, `whatsapp:+5215512345678`, `whatsapp:US.13491208655302741918`. */
  readonly text: string;
  readonly key: AddressKey;
}

/** What a number cell of a person's table holds. */
export type NumberCell =
  | { readonly kind: 'blank' }
  /** `value` is the E.164 number, or the WhatsApp user id, to write to. */
  | { readonly kind: 'one'; readonly value: string; readonly key: AddressKey }
  /** Several numbers: all count for the opt-out guard, none is written to. */
  | { readonly kind: 'several'; readonly keys: readonly AddressKey[] }
  /** The last seven digits of each run of digits: for the opt-out guard and for STOP only. */
  | { readonly kind: 'unreadable'; readonly tails: readonly string[] };

/** Reads an address as Twilio writes it. Null for a short code, a sender's name, a chat identity, another channel. */
export function parseAddress(text: string): Address | null {
  const [, prefix, digits] = /^(whatsapp:)?(\+[1-9]\d{5,14})$/.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  return { channel: prefix ? 'whatsapp' : 'sms', text: text.trim(), key: `phone:+${digits.slice(1)}` };
}

/** The address of a number, or WhatsApp user id, on a channel. */
export function addressOn(channel: Channel, value: string): Address {
  return {
    channel,
    text: channel === 'whatsapp' ? `whatsapp:${value}` : value,
    key: `phone:+${value.slice(1)}`,
  };
}

/** Every text in which Twilio may write the address, on every channel. */
export function spellingsOf(key: AddressKey): string[] {
  const value = key.replace(/^[a-z-]+:/, '');
  return [value, `whatsapp:${value}`];
}

/** The last seven digits of the national number; null for a WhatsApp user id. */
export function digitTailOf(key: AddressKey): string | null {
  return key.startsWith('phone:') ? key.slice(-7) : null;
}

/** Reads a number cell of the column for a channel. */
export function readNumberCell(text: string, channel: Channel, country: CountryCode): NumberCell {
  const phone = parsePhoneNumberFromString(text, country);
  if (text.trim() === '') return { kind: 'blank' };
  if (!phone?.isPossible()) return { kind: 'unreadable', tails: [] };
  return { kind: 'one', value: phone.number, key: addressOn(channel, phone.number).key };
}
