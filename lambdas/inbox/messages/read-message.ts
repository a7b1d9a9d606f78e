import { shorten, visibleLine } from '../../characters/visible-text';
import { parseAddress } from '../../phone-number/address';
import { SYSTEM_AUTHOR } from '../../twilio/authors';
import type { MessageResource } from '../../twilio/chat-resources';
import type { Author, Delivery, MediaSummary, Message } from '../api';
import { applyMessage, type ChatRecord, type IndexedMessage } from '../index/chat-record';
import type { Team } from '../workers/team';
import { readAttributes } from './message-attributes';

/** A row shows one line of it. */
const LINE_LENGTH = 160;

/** Images that every browser shows and that cannot hold a script. */
const INLINE_IMAGES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** An author is a customer's address, a worker's identity, or `system`. */
function authorKindOf(author: string): IndexedMessage['authorKind'] {
  if (parseAddress(author) !== null) return 'customer';
  return author === SYSTEM_AUTHOR || author === '' ? 'system' : 'worker';
}

export function indexedMessage(resource: MessageResource): IndexedMessage {
  const authorKind = authorKindOf(resource.author);
  return {
    sid: resource.sid,
    index: resource.index,
    authorKind,
    author: authorKind === 'worker' ? resource.author : '',
    text: shorten((textOf(resource) ?? '').replace(/\s+/g, ' ').trim(), LINE_LENGTH),
    media: resource.media?.[0] ? mediaKind(resource.media[0].content_type) : null,
    at: toMoment(resource.date_created),
    updatedAt: toMoment(resource.date_updated),
  };
}

/** A chat with messages of it, in any order. */
export function withMessages(chat: ChatRecord, resources: readonly MessageResource[]): ChatRecord {
  return resources.map(indexedMessage).reduce(applyMessage, chat);
}

/** @param reader the worker who will see it */
export function shownMessage(
  resource: MessageResource,
  chatSid: string,
  shown: {
    readonly reader: string;
    readonly team: Team;
    readonly customerName: string;
    readonly delivery: Delivery | null;
  },
): Message {
  const { sendId, template } = readAttributes(resource.attributes);
  const kind = authorKindOf(resource.author);
  return {
    sid: resource.sid,
    chatSid,
    index: resource.index,
    author: shownAuthor(kind, resource.author, shown),
    text: textOf(resource),
    isTemplate: template !== null || resource.content_sid !== null,
    media: (resource.media ?? []).map(shownMedia),
    sentAt: toMoment(resource.date_created),
    sendId: kind === 'worker' ? sendId : null,
    delivery: kind === 'worker' ? shown.delivery : null,
  };
}

/** @param author the worker's identity; unused for others */
export function shownAuthor(
  kind: IndexedMessage['authorKind'],
  author: string,
  {
    reader,
    team,
    customerName,
  }: { readonly reader: string; readonly team: Team; readonly customerName: string },
): Author {
  if (kind === 'customer') return { kind, name: customerName };
  if (kind === 'system') return { kind, name: '' };
  return { kind: author === reader ? 'me' : 'colleague', name: team.nameOf(author) };
}

/** The delivery as the message itself says; null for a customer's. The codes of failures come by events. */
export function reportedState({ author, delivery }: MessageResource): Delivery['state'] | null {
  if (authorKindOf(author) !== 'worker') return null;
  if (delivery === null) return 'sent';
  if (delivery.failed !== 'none' || delivery.undelivered !== 'none') return 'failed';
  if (delivery.read !== 'none') return 'read';
  return delivery.delivered !== 'none' ? 'delivered' : 'sent';
}

/** The text that the customer reads: of a template, the one that was rendered when it was sent. */
function textOf({ body, attributes }: MessageResource): string | null {
  return body?.trim() ? body : (readAttributes(attributes).template?.text ?? null);
}

function shownMedia({
  sid,
  content_type,
  filename,
  size,
}: NonNullable<MessageResource['media']>[number]): MediaSummary {
  return {
    sid,
    contentType: visibleLine(content_type) ?? '',
    // A sender chooses it: turned about by format characters, the end of a program's name looks like a picture's.
    filename: filename === null ? null : visibleLine(filename),
    size,
    kind: mediaKind(content_type),
  };
}

function mediaKind(contentType: string): MediaSummary['kind'] {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (INLINE_IMAGES.has(type)) return 'image';
  if (type.startsWith('audio/')) return 'audio';
  return type.startsWith('video/') ? 'video' : 'file';
}

/** Twilio's time as ISO 8601 in UTC with milliseconds, so that texts compare as times; now if it cannot be read. */
export function toMoment(text: string): string {
  const time = Date.parse(text);
  return new Date(Number.isNaN(time) ? Date.now() : time).toISOString();
}
