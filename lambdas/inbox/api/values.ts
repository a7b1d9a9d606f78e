import * as v from 'valibot';

/** A Twilio SID: two letters and 32 hexadecimal digits. */
const sid = (prefix: string) => v.pipe(v.string(), v.regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`)));

export const ChatSid = sid('CH');
export const MessageSid = sid('IM');
export const MediaSid = sid('ME');
export const ContentSid = sid('HX');

/** A moment, ISO 8601 in UTC. */
export const Moment = v.string();

export const Channel = v.picklist(['sms', 'whatsapp']);
export type Channel = v.InferOutput<typeof Channel>;

/** A worker's identity, exactly as in the customers' `owner` column. */
export const Identity = v.pipe(v.string(), v.trim(), v.nonEmpty('is missing'), v.maxLength(256));

/** A customer's id, as in the `id` column, or else the record id. */
export const CustomerId = v.pipe(v.string(), v.trim(), v.nonEmpty('is missing'), v.maxLength(1_000));

/**
 * Made by the browser once for each message or chat that a person begins, and repeated with every attempt: the server
 * carries out each id at most once.
 */
export const RequestId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{16,64}$/, 'must be a UUID'));

/** A whole number in a query, as text. */
export const wholeNumber = (most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, 'must be a whole number'),
    v.transform(Number),
    v.maxValue(most, `must be ${most} at most`),
  );

/** The most characters of a text message (twilio.md#conversations-by-rest). */
export const MESSAGE_LENGTH = 1_600;
