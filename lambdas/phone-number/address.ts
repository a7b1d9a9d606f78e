import { type E164Number, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A customer's or our own end of a conversation: a number, and whether it is reached by SMS or WhatsApp. */
export interface Address {
  readonly channel: 'sms' | 'whatsapp';
  readonly number: E164Number;
}

const TWILIO_ADDRESS = /^(whatsapp:)?(\+[1-9]\d{5,14})$/;

/**
 * Reads an address as Twilio writes it: `+14155550123` or `whatsapp:+14155550123` (Twilio contract 5, 6.5).
 * Null for what is no number: a short code, a sender's name, a chat identity, another channel.
 */
export function parseAddress(text: string): Address | null {
  const [, prefix, digits] = TWILIO_ADDRESS.exec(text.trim()) ?? [];
  const number = digits === undefined ? undefined : parsePhoneNumberFromString(digits)?.number;
  return number === undefined ? null : { channel: prefix ? 'whatsapp' : 'sms', number };
}

/** An address as Twilio and Frontline expect it: exactly one `whatsapp:` in front of a WhatsApp number. */
export function formatAddress({ channel, number }: Address): string {
  return channel === 'whatsapp' ? `whatsapp:${number}` : number;
}
