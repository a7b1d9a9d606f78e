import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Configuration } from '../config';
import { type Address, parseAddress } from '../phone-number/address';
import { lenientText } from '../request/parameters';
import { readOptOutKeyword } from './keyword';
import type { OptOutEvent } from './opt-out-store';

/** Of a message that was added to a conversation, what decides whether it is an opt-out or an opt-in. */
export const AddedMessage = v.object({
  ConversationSid: lenientText,
  MessageSid: lenientText,
  DateCreated: lenientText,
  ClientIdentity: lenientText,
  Author: lenientText,
  Body: lenientText,
});
export type AddedMessage = v.InferOutput<typeof AddedMessage>;

export type Words = Pick<Configuration, 'optOutWords' | 'optInWords'>;

/** What a customer's message asks for. */
export interface KeywordMessage {
  /** Null where the author is not an address at which a customer can be written to, such as a short code. */
  readonly address: Address | null;
  readonly event: OptOutEvent;
}

/** Reads a message that is just an opt-out or opt-in word of a customer's; null for every other one. */
export function readKeywordMessage(message: AddedMessage, words: Words, now: Date): KeywordMessage | null {
  // A worker's message has a client identity; one that the API created, the author `system`.
  if (message.ClientIdentity !== '' || message.Author === '' || message.Author === 'system') return null;
  const address = parseAddress(message.Author);
  const channel = address?.channel ?? 'sms';
  const keyword = readOptOutKeyword(message.Body, { channel, ...words });
  if (keyword === null) return null;
  const created = /^\d{4}-\d\d-\d\dT/.test(message.DateCreated)
    ? Date.parse(message.DateCreated)
    : Number.NaN;
  const at = Number.isNaN(created) ? now : new Date(created);
  const event = { kind: keyword.kind, channel, keyword: keyword.word, at: at.toISOString() };
  return { address, event: { ...event, id: message.MessageSid || idOf(message) } };
}

/** Equal for a repeat of the same message, where that has no SID. */
function idOf({ ConversationSid, Author, DateCreated, Body }: AddedMessage): string {
  return createHash('sha256')
    .update(JSON.stringify([ConversationSid, Author, DateCreated, Body]))
    .digest('hex');
}
