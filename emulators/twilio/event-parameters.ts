import type {
  Conversation,
  ConversationDraft,
  Message,
  MessageDraft,
  MessageMedia,
  MessagingBinding,
  Participant,
  ParticipantDraft,
  Receipt,
} from './conversation';
import type { ConversationUser } from './conversation-users';
import { MESSAGING_SERVICE, PARTICIPANT_ROLE } from './sids';
import type { WebhookParameters } from './webhook-sender';

/** The parameters that have a value; Twilio omits the others. */
export function present(values: Readonly<Record<string, string | null | undefined>>): WebhookParameters {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value == null ? [] : [[name, value]])),
  );
}

/** Before a conversation exists it has no SID (twilio.md#events-before-an-action). */
export function newConversationParameters(draft: ConversationDraft): WebhookParameters {
  return present({
    FriendlyName: draft.friendlyName,
    UniqueName: draft.uniqueName,
    Attributes: draft.attributes ?? '{}',
    MessagingServiceSid: draft.messagingServiceSid ?? MESSAGING_SERVICE,
    State: draft.state ?? 'active',
  });
}

export function conversationParameters(conversation: Conversation): WebhookParameters {
  return present({
    ConversationSid: conversation.sid,
    FriendlyName: conversation.friendlyName,
    UniqueName: conversation.uniqueName,
    Attributes: conversation.attributes,
    MessagingServiceSid: conversation.messagingServiceSid,
    State: conversation.state,
    ...datesOf(conversation),
  });
}

export function newParticipantParameters(
  conversationSid: string,
  draft: ParticipantDraft,
  binding: MessagingBinding | null,
): WebhookParameters {
  return present({
    ConversationSid: conversationSid,
    Identity: draft.identity,
    RoleSid: draft.roleSid ?? PARTICIPANT_ROLE,
    Attributes: draft.attributes ?? '{}',
    ...bindingParameters(binding),
    'MessagingBinding.Type': binding?.type ?? 'chat',
  });
}

export function participantParameters(participant: Participant): WebhookParameters {
  const { conversationSid, messagingBinding, identity, attributes, roleSid } = participant;
  return {
    ...newParticipantParameters(
      conversationSid,
      { identity: identity ?? undefined, attributes, roleSid },
      messagingBinding,
    ),
    ParticipantSid: participant.sid,
    DateCreated: participant.dateCreated.toISOString(),
  };
}

/** Before a message exists it has neither SID nor index (twilio.md#events-before-an-action). */
export function newMessageParameters(conversationSid: string, draft: MessageDraft): WebhookParameters {
  return present({
    ConversationSid: conversationSid,
    Body: draft.body || undefined,
    Media: draft.media?.length ? JSON.stringify(draft.media.map(mediaParameter)) : undefined,
    Author: draft.author,
    ParticipantSid: draft.participantSid,
    Attributes: draft.attributes ?? '{}',
  });
}

function mediaParameter({ sid, contentType, filename, size }: MessageMedia) {
  return { Sid: sid, ContentType: contentType, Filename: filename, Size: size };
}

export function messageParameters(message: Message, messagingServiceSid: string): WebhookParameters {
  const { conversationSid, participantSid, contentSid: _contentSid, ...draft } = message;
  return {
    ...newMessageParameters(conversationSid, { ...draft, participantSid: participantSid ?? undefined }),
    MessageSid: message.sid,
    MessagingServiceSid: messagingServiceSid,
    Index: String(message.index),
    DateCreated: message.dateCreated.toISOString(),
  };
}

export function userParameters(user: ConversationUser): WebhookParameters {
  return present({
    UserSid: user.sid,
    Identity: user.identity,
    FriendlyName: user.friendlyName,
    Attributes: user.attributes,
    RoleSid: user.roleSid,
    ...datesOf(user),
  });
}

export function receiptParameters(receipt: Receipt): WebhookParameters {
  return present({
    ConversationSid: receipt.conversationSid,
    MessageSid: receipt.messageSid,
    ParticipantSid: receipt.participantSid,
    DeliveryReceiptSid: receipt.sid,
    ChannelMessageSid: receipt.channelMessageSid,
    Status: receipt.status,
    ErrorCode: receipt.errorCode === 0 ? undefined : String(receipt.errorCode),
    ...datesOf(receipt),
  });
}

export function bindingParameters(
  binding: Pick<MessagingBinding, 'address' | 'proxyAddress'> | null,
): WebhookParameters {
  if (binding === null) return {};
  return {
    'MessagingBinding.Address': binding.address,
    'MessagingBinding.ProxyAddress': binding.proxyAddress,
  };
}

/** Dates in webhooks' format: with milliseconds, unlike in REST responses. */
export function datesOf(resource: {
  readonly dateCreated: Date;
  readonly dateUpdated: Date;
}): WebhookParameters {
  return {
    DateCreated: resource.dateCreated.toISOString(),
    DateUpdated: resource.dateUpdated.toISOString(),
  };
}
