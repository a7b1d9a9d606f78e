import type {
  Conversation,
  DeliveryStatus,
  Message,
  MessageMedia,
  Participant,
  Receipt,
} from './conversation';
import type { ConversationUser } from './conversation-users';
import type { FrontlineUser } from './frontline-users';
import { sidFor } from './sids';
import { timerDates } from './timers';

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
      messaging_service_sid: conversation.messagingServiceSid,
      friendly_name: conversation.friendlyName,
      unique_name: conversation.uniqueName,
      attributes: conversation.attributes,
      state: conversation.state,
      timers: timersOf(conversation),
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
      last_read_timestamp: participant.lastReadTimestamp,
    };
  }

  messageUrl({ sid, conversationSid }: Pick<Message, 'sid' | 'conversationSid'>, base: string): string {
    return `${base}/Conversations/${conversationSid}/Messages/${sid}`;
  }

  message(message: Message, receipts: readonly Receipt[], base: string) {
    const url = this.messageUrl(message, base);
    return {
      account_sid: this.accountSid,
      conversation_sid: message.conversationSid,
      sid: message.sid,
      index: message.index,
      author: message.author,
      body: message.body || null,
      media: message.media.length === 0 ? null : message.media.map(mediaOf),
      attributes: message.attributes,
      participant_sid: message.participantSid,
      ...datesOf(message),
      url,
      delivery: deliveryOf(receipts),
      links: { delivery_receipts: `${url}/Receipts`, channel_metadata: `${url}/ChannelMetadata` },
      content_sid: message.contentSid,
    };
  }

  receipt(receipt: Receipt, base: string) {
    const { messageSid, conversationSid } = receipt;
    const message = this.messageUrl({ sid: messageSid, conversationSid }, base);
    return {
      account_sid: this.accountSid,
      sid: receipt.sid,
      conversation_sid: conversationSid,
      message_sid: messageSid,
      channel_message_sid: receipt.channelMessageSid,
      participant_sid: receipt.participantSid,
      status: receipt.status,
      error_code: receipt.errorCode,
      ...datesOf(receipt),
      url: `${message}/Receipts/${receipt.sid}`,
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
      participant_user_sid: userSidOf(participant),
      participant_identity: identity,
      participant_messaging_binding: messaging_binding,
      conversation_sid: shown.sid,
      conversation_unique_name: shown.unique_name,
      conversation_friendly_name: shown.friendly_name,
      conversation_attributes: shown.attributes,
      conversation_date_created: shown.date_created,
      conversation_date_updated: shown.date_updated,
      conversation_created_by: 'system',
      conversation_state: shown.state,
      conversation_timers: shown.timers,
      links: { participant: this.participant(participant, base).url, conversation: shown.url },
    };
  }

  /** A conversation as one of its chat participants has it. */
  userConversation(
    participant: Participant,
    conversation: Conversation,
    unread: number | null,
    base: string,
  ) {
    const shown = this.conversation(conversation, base);
    const userSid = userSidOf(participant);
    return {
      account_sid: this.accountSid,
      chat_service_sid: this.conversationServiceSid,
      conversation_sid: shown.sid,
      conversation_state: shown.state,
      participant_sid: participant.sid,
      user_sid: userSid,
      friendly_name: shown.friendly_name,
      unique_name: shown.unique_name,
      attributes: shown.attributes,
      timers: shown.timers,
      date_created: shown.date_created,
      date_updated: shown.date_updated,
      created_by: 'system',
      notification_level: participant.notificationLevel,
      unread_messages_count: unread,
      last_read_message_index: participant.lastReadMessageIndex,
      url: `${base}/Users/${userSid}/Conversations/${shown.sid}`,
      links: { participant: this.participant(participant, base).url, conversation: shown.url },
    };
  }

  /** Lists do not say whether a user is online. */
  conversationUser(user: ConversationUser, base: string, isListed: boolean) {
    const url = `${base}/Users/${user.sid}`;
    return {
      sid: user.sid,
      account_sid: this.accountSid,
      chat_service_sid: this.conversationServiceSid,
      role_sid: user.roleSid,
      identity: user.identity,
      friendly_name: user.friendlyName,
      attributes: user.attributes,
      is_online: isListed ? null : false,
      is_notifiable: isListed ? null : false,
      ...datesOf(user),
      url,
      links: { user_conversations: `${url}/Conversations` },
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

function timersOf(conversation: Conversation) {
  const { inactive, closed } = timerDates(conversation);
  return {
    ...(inactive !== null && { date_inactive: wholeSeconds(inactive) }),
    ...(closed !== null && { date_closed: wholeSeconds(closed) }),
  };
}

function mediaOf({ sid, size, contentType, filename }: MessageMedia) {
  return { sid, size, content_type: contentType, filename };
}

function userSidOf({ identity }: Participant): string | null {
  return identity === null ? null : sidFor('US', identity);
}

/** How many customers each stage was reached for; null before the first receipt. */
function deliveryOf(receipts: readonly Receipt[]) {
  if (receipts.length === 0) return null;
  const share = (...statuses: readonly DeliveryStatus[]) => {
    const count = receipts.filter(({ status }) => statuses.includes(status)).length;
    return count === 0 ? 'none' : count === receipts.length ? 'all' : 'some';
  };
  return {
    total: receipts.length,
    sent: share('sent', 'delivered', 'read', 'undelivered'),
    delivered: share('delivered', 'read'),
    read: share('read'),
    failed: share('failed'),
    undelivered: share('undelivered'),
  };
}

/** Dates in REST's format: whole seconds. */
function datesOf({ dateCreated, dateUpdated }: { readonly dateCreated: Date; readonly dateUpdated: Date }) {
  return { date_created: wholeSeconds(dateCreated), date_updated: wholeSeconds(dateUpdated) };
}

function wholeSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
