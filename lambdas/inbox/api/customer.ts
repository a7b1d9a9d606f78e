import * as v from 'valibot';
import { OtherChat } from './chat';
import { Channel, ContentSid, Identity, Moment } from './values';

export const CustomerSummary = v.object({
  id: v.string(),
  name: v.string(),
});
export type CustomerSummary = v.InferOutput<typeof CustomerSummary>;

export const CustomerDetail = v.object({
  id: v.string(),
  name: v.string(),
  channels: v.array(
    v.object({
      channel: Channel,
      /** The number or WhatsApp user id, without `whatsapp:`. */
      address: v.string(),
      /** Whether the team has a number for this channel. */
      canStart: v.boolean(),
      /** A new WhatsApp chat begins with a template. */
      needsTemplate: v.boolean(),
    }),
  ),
  /** `https:` and `mailto:` only. */
  links: v.array(v.object({ label: v.string(), url: v.string() })),
  notes: v.nullable(v.string()),
  owner: v.nullable(v.object({ identity: Identity, name: v.string(), isMe: v.boolean() })),
  /** Null unless the customer opted out; `since` is null where only the base says so. */
  optOut: v.nullable(v.object({ since: v.nullable(Moment) })),
  chats: v.array(OtherChat),
  /** The record's page in Airtable; null where it is not known. */
  airtableUrl: v.nullable(v.string()),
});
export type CustomerDetail = v.InferOutput<typeof CustomerDetail>;

/** A template for one customer and channel. */
export const TemplateOption = v.object({
  id: v.string(),
  category: v.string(),
  /** Exactly what the customer will read; null where it cannot be filled. */
  preview: v.nullable(v.string()),
  /** Set for a template that goes to WhatsApp under its approval. */
  contentSid: v.nullable(ContentSid),
  /** Why it cannot be sent here and now; null where it can. */
  notOffered: v.nullable(v.string()),
});
export type TemplateOption = v.InferOutput<typeof TemplateOption>;

export const Colleague = v.object({
  identity: Identity,
  name: v.string(),
  isAvailable: v.boolean(),
});
export type Colleague = v.InferOutput<typeof Colleague>;
