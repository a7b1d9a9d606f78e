import type {
  Conversation,
  ConversationDraft,
  Message,
  MessageDraft,
  MessagingBinding,
  Participant,
  ParticipantDraft,
} from './conversation';
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
    MessagingServiceSid: MESSAGING_SERVICE,
    State: draft.state ?? 'active',
  });
}

export function conversationParameters(conversation: Conversation): WebhookParameters {
  return present({
    ConversationSid: conversation.sid,
    FriendlyName: conversation.friendlyName,
    UniqueName: conversation.uniqueName,
    Attributes: conversation.attributes,
    MessagingServiceSid: MESSAGING_SERVICE,
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
    Body: draft.body,
    Author: draft.author,
    ParticipantSid: draft.participantSid,
    Attributes: draft.attributes ?? '{}',
  });
}

export function messageParameters(message: Message): WebhookParameters {
  const { conversationSid, participantSid, ...draft } = message;
  return {
    ...newMessageParameters(conversationSid, { ...draft, participantSid: participantSid ?? undefined }),
    MessageSid: message.sid,
    MessagingServiceSid: MESSAGING_SERVICE,
    Index: String(message.index),
    DateCreated: message.dateCreated.toISOString(),
  };
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
