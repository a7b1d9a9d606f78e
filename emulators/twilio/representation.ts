import type { Conversation, Message, Participant } from './conversation';
import type { FrontlineUser } from './frontline-users';
import { MESSAGING_SERVICE } from './sids';

/** Resources as REST returns them (twilio.md#rest-requests). */
export class Representation {
  constructor(
    readonly accountSid: string,
    readonly conversationServiceSid: string,
  ) {}

  /** @param base the URL before `/Conversations`: origin, version, and the service if the caller names one. */
  conversation(conversation: Conversation, base: string) {
    const url = `${base}/Conversations/${conversation.sid}`;
    return {
      sid: conversation.sid,
      account_sid: this.accountSid,
      chat_service_sid: this.conversationServiceSid,
      messaging_service_sid: MESSAGING_SERVICE,
      friendly_name: conversation.friendlyName,
      unique_name: conversation.uniqueName,
      attributes: conversation.attributes,
      state: conversation.state,
      timers: {},
      bindings: {},
      ...datesOf(conversation),
      url,
      links: {
        participants: `${url}/Participants`,
        messages: `${url}/Messages`,
        webhooks: `${url}/Webhooks`,
      },
    };
  }

  participant(participant: Participant, base: string) {
    const { messagingBinding: binding } = participant;
    return {
      account_sid: this.accountSid,
      conversation_sid: participant.conversationSid,
      sid: participant.sid,
      identity: participant.identity,
      attributes: participant.attributes,
      messaging_binding: binding && {
        type: binding.type,
        address: binding.address,
        proxy_address: binding.proxyAddress,
      },
      role_sid: participant.roleSid,
      ...datesOf(participant),
      url: `${base}/Conversations/${participant.conversationSid}/Participants/${participant.sid}`,
      last_read_message_index: participant.lastReadMessageIndex,
      last_read_timestamp: null,
    };
  }

  message(message: Message, base: string) {
    const url = `${base}/Conversations/${message.conversationSid}/Messages/${message.sid}`;
    return {
      account_sid: this.accountSid,
      conversation_sid: message.conversationSid,
      sid: message.sid,
      index: message.index,
      author: message.author,
      body: message.body,
      media: null,
      attributes: message.attributes,
      participant_sid: message.participantSid,
      ...datesOf(message),
      url,
      delivery: null,
      links: { delivery_receipts: `${url}/Receipts` },
      content_sid: null,
    };
  }

  /** A participant with its conversation, for looking up a participant's conversations. */
  participation(participant: Participant, conversation: Conversation, base: string) {
    const { messaging_binding, identity, sid } = this.participant(participant, base);
    const shown = this.conversation(conversation, base);
    return {
      account_sid: this.accountSid,
      chat_service_sid: this.conversationServiceSid,
      participant_sid: sid,
      participant_user_sid: null,
      participant_identity: identity,
      participant_messaging_binding: messaging_binding,
      conversation_sid: shown.sid,
      conversation_unique_name: shown.unique_name,
      conversation_friendly_name: shown.friendly_name,
      conversation_attributes: shown.attributes,
      conversation_date_created: shown.date_created,
      conversation_date_updated: shown.date_updated,
      conversation_created_by: null,
      conversation_state: shown.state,
      conversation_timers: shown.timers,
      links: { participant: this.participant(participant, base).url, conversation: shown.url },
    };
  }

  user(user: FrontlineUser, base: string) {
    return {
      sid: user.sid,
      identity: user.identity,
      friendly_name: user.friendlyName,
      avatar: user.avatar,
      state: user.state,
      is_available: user.isAvailable,
      url: `${base}/Users/${user.sid}`,
    };
  }
}

/** Dates in REST's format: whole seconds. */
function datesOf({ dateCreated, dateUpdated }: { readonly dateCreated: Date; readonly dateUpdated: Date }) {
  return { date_created: wholeSeconds(dateCreated), date_updated: wholeSeconds(dateUpdated) };
}

function wholeSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
