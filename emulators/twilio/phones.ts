import type { MessagingBinding } from './conversation';

/**
 * The state of a customer's phone, or the error code that every message to the address ends with
 * (twilio.md#delivery-failures).
 */
export type PhoneState = 'on' | 'off' | 'landline' | number;

type Pair = Pick<MessagingBinding, 'address' | 'proxyAddress'>;

const HOURS_24 = 24 * 60 * 60_000;
const OPT_OUT = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE']);
const OPT_IN = new Set(['START', 'YES', 'UNSTOP']);

/** The customers' phones, and what Twilio and WhatsApp know of them. */
export class Phones {
  readonly #states = new Map<string, PhoneState>();
  readonly #optedOut = new Set<string>();
  readonly #lastInbound = new Map<string, Date>();

  /** A code applies to the address only, any other state to its number on both channels. */
  set(address: string, state: PhoneState): void {
    this.#states.delete(address);
    this.#states.set(typeof state === 'number' ? address : numberOf(address), state);
  }

  state(address: string): PhoneState {
    return this.#states.get(address) ?? this.#states.get(numberOf(address)) ?? 'on';
  }

  /** Twilio's own opt-out of SMS, which a word alone changes (twilio.md#opt-out-words). */
  isOptedOut({ address, proxyAddress }: Pair): boolean {
    return this.#optedOut.has(`${address} ${proxyAddress}`);
  }

  /** When WhatsApp's 24 hours after the customer's last message end or ended; null without one. */
  windowEnds({ address, proxyAddress }: Pair): Date | null {
    const last = this.#lastInbound.get(`${address} ${proxyAddress}`);
    return last === undefined ? null : new Date(last.getTime() + HOURS_24);
  }

  /** As if the customer's last message had come that much earlier, in milliseconds. */
  backdate({ address, proxyAddress }: Pair, milliseconds: number): void {
    const pair = `${address} ${proxyAddress}`;
    const last = this.#lastInbound.get(pair);
    if (last !== undefined) this.#lastInbound.set(pair, new Date(last.getTime() - milliseconds));
  }

  /** Notes a message from the customer, of now or of before. */
  noteInbound({ type, address, proxyAddress }: MessagingBinding, body: string, at: Date): void {
    const pair = `${address} ${proxyAddress}`;
    if (at >= (this.#lastInbound.get(pair) ?? at)) this.#lastInbound.set(pair, at);
    const word = body.trim().toUpperCase();
    if (type !== 'sms') return;
    if (OPT_OUT.has(word)) this.#optedOut.add(pair);
    if (OPT_IN.has(word)) this.#optedOut.delete(pair);
  }
}

function numberOf(address: string): string {
  return address.replace(/^whatsapp:/, '');
}
