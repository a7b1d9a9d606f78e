import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { type Address, parseAddress } from '../phone-number/address';
import { SYSTEM_AUTHOR } from '../twilio/authors';
import { lenientText } from '../twilio/parameters';
import { type KeywordOptions, readOptOutKeyword } from './keyword';
import type { OptOutEvent } from './opt-out-store';

/** The parts of a message added to a conversation that decide whether it is an opt-out or an opt-in. */
export const AddedMessage = v.object({
  ConversationSid: lenientText,
  MessageSid: lenientText,
  DateCreated: lenientText,
  ClientIdentity: lenientText,
  Author: lenientText,
  Body: lenientText,
});
export type AddedMessage = v.InferOutput<typeof AddedMessage>;

type Words = Omit<KeywordOptions, 'channel'>;

/** A customer's opt-out or opt-in message. */
export interface KeywordMessage {
  /** Null where the author is not an address that can receive messages, such as a short code. */
  readonly address: Address | null;
  readonly event: OptOutEvent;
}

/** Reads a customer's message that is only an opt-out or opt-in word; null for every other message. */
export function readKeywordMessage(message: AddedMessage, words: Words, now: Date): KeywordMessage | null {
  // A worker's message has a client identity as author; one that the API created has `system`.
  if (message.ClientIdentity !== '' || message.Author === '' || message.Author === SYSTEM_AUTHOR) return null;
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

/** Equal for a repeat of the same message without a SID. */
function idOf({ ConversationSid, Author, DateCreated, Body }: AddedMessage): string {
  return createHash('sha256')
    .update(JSON.stringify([ConversationSid, Author, DateCreated, Body]))
    .digest('hex');
}
