import * as v from 'valibot';
import {
  conversationSid,
  lenientText,
  messageSid,
  participantSid,
  serviceSid,
} from '../../twilio/parameters';
import type { Form } from '../../twilio/signature';
import type { QueueEvent } from './queue-event';

const Parameters = v.object({
  EventType: lenientText,
  ConversationSid: conversationSid,
  ChatServiceSid: serviceSid,
  MessageSid: v.fallback(v.nullable(messageSid), null),
  ParticipantSid: v.fallback(v.nullable(participantSid), null),
  Identity: lenientText,
  LastReadMessageIndex: lenientText,
  Status: lenientText,
  ErrorCode: lenientText,
});

/** What an event of Twilio Conversations means for the inbox; null for nothing. */
export function queueEventOf(form: Form): QueueEvent | null {
  const parsed = v.safeParse(Parameters, form);
  if (!parsed.success) return null;
  const { ConversationSid, ChatServiceSid, MessageSid, ParticipantSid, ...event } = parsed.output;
  const inChat = { conversationSid: ConversationSid, serviceSid: ChatServiceSid };
  switch (event.EventType) {
    case 'onConversationAdded':
    case 'onConversationStateUpdated':
    case 'onConversationRemoved':
      return { kind: 'conversation', ...inChat };
    case 'onParticipantAdded':
      return { kind: 'participant-added', ...inChat };
    case 'onParticipantRemoved':
      if (ParticipantSid === null) return null;
      return {
        kind: 'participant-removed',
        ...inChat,
        participantSid: ParticipantSid,
        identity: event.Identity,
      };
    case 'onParticipantUpdated':
      return horizonOf(event, inChat);
    case 'onMessageAdded':
    case 'onMessageUpdated':
      return MessageSid === null ? null : { kind: 'message', ...inChat, messageSid: MessageSid };
    case 'onMessageRemoved':
      return MessageSid === null ? null : { kind: 'message-removed', ...inChat, messageSid: MessageSid };
    case 'onDeliveryUpdated':
      if (MessageSid === null) return null;
      return {
        kind: 'delivery',
        ...inChat,
        messageSid: MessageSid,
        status: event.Status,
        errorCode: /^[1-9]\d{0,5}$/.test(event.ErrorCode) ? Number(event.ErrorCode) : null,
      };
    default:
      return null;
  }
}

function horizonOf(
  { Identity, LastReadMessageIndex }: { readonly Identity: string; readonly LastReadMessageIndex: string },
  inChat: { readonly conversationSid: string; readonly serviceSid: string | null },
): QueueEvent | null {
  if (Identity === '' || !/^\d{1,9}$/.test(LastReadMessageIndex)) return null;
  return { kind: 'horizon', ...inChat, identity: Identity, index: Number(LastReadMessageIndex) };
}
