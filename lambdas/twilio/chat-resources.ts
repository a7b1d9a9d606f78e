import * as v from 'valibot';
import { SYSTEM_AUTHOR } from './authors';
import { PageMeta } from './paging';

/** Twilio's representations that the inbox reads (twilio.md#conversations-by-rest). Unused fields are left out. */

const orNull = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.nullable(schema), null);
const moment = v.fallback(v.string(), '');

const MediaResource = v.object({
  sid: v.string(),
  content_type: v.fallback(v.string(), 'application/octet-stream'),
  filename: orNull(v.string()),
  size: orNull(v.number()),
});

/** How many of the recipients got how far: `all`, `some` or `none`. */
const DeliverySummary = v.object({
  sent: v.fallback(v.string(), 'none'),
  delivered: v.fallback(v.string(), 'none'),
  read: v.fallback(v.string(), 'none'),
  failed: v.fallback(v.string(), 'none'),
  undelivered: v.fallback(v.string(), 'none'),
});

export const MessageResource = v.object({
  sid: v.string(),
  index: v.number(),
  author: v.fallback(v.string(), SYSTEM_AUTHOR),
  participant_sid: orNull(v.string()),
  body: orNull(v.string()),
  attributes: v.fallback(v.string(), '{}'),
  content_sid: orNull(v.string()),
  media: v.fallback(v.nullable(v.array(MediaResource)), null),
  delivery: orNull(DeliverySummary),
  date_created: moment,
  date_updated: moment,
});
export type MessageResource = v.InferOutput<typeof MessageResource>;

export const MessagePage = v.object({ messages: v.array(MessageResource), meta: PageMeta });

export const ReceiptPage = v.object({
  delivery_receipts: v.array(
    v.object({ status: v.fallback(v.string(), ''), error_code: v.fallback(v.nullable(v.number()), null) }),
  ),
});

export const ConversationResource = v.object({
  sid: v.string(),
  chat_service_sid: orNull(v.string()),
  state: v.fallback(v.string(), 'active'),
  date_created: moment,
  date_updated: moment,
});
export type ConversationResource = v.InferOutput<typeof ConversationResource>;

export const ConversationPage = v.object({ conversations: v.array(ConversationResource), meta: PageMeta });

/** A row of a user's conversations, which names the same facts differently. */
export const UserConversationPage = v.object({
  conversations: v.array(
    v.object({
      conversation_sid: v.string(),
      conversation_state: v.fallback(v.string(), 'active'),
      last_read_message_index: orNull(v.number()),
      date_updated: moment,
    }),
  ),
  meta: PageMeta,
});

export const MediaRecord = v.object({
  links: v.object({ content_direct_temporary: v.string() }),
});
