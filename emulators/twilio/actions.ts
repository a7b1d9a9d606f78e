import * as v from 'valibot';
import type {
  Conversation,
  ConversationDraft,
  ConversationState,
  Message,
  MessageDraft,
  MessagingBinding,
  Participant,
  ParticipantChanges,
  ParticipantDraft,
} from './conversation';
import type { ConversationStore } from './conversation-store';
import {
  bindingParameters,
  conversationParameters,
  messageParameters,
  newConversationParameters,
  newMessageParameters,
  newParticipantParameters,
  participantParameters,
  present,
} from './event-parameters';
import type { Events, Origin } from './events';
import { checkBody } from './field-rules';
import { MESSAGING_SERVICE } from './sids';

// The fields that a response to a pre event may change (twilio.md#webhook-semantics).
const nothing = v.object({});
const ofConversation = v.pipe(
  v.object({ friendly_name: v.exactOptional(v.string()), attributes: v.exactOptional(v.string()) }),
  v.transform(({ friendly_name: friendlyName, ...others }) => ({
    ...others,
    ...(friendlyName !== undefined && { friendlyName }),
  })),
);
const ofMessage = v.object({
  body: v.exactOptional(v.string()),
  author: v.exactOptional(v.string()),
  attributes: v.exactOptional(v.string()),
});

/** An SMS or WhatsApp message that goes out holds less than one that comes in (twilio.md#rest-requests). */
const OUTBOUND_BODY_CHARACTERS = 1600;
const INBOUND_BODY_CHARACTERS = 32 * 1024;

/** Parameters that a customer's first message adds to the events of the conversation that it creates. */
export interface Opening {
  readonly binding: MessagingBinding;
  readonly messageBody: string;
}

/**
 * Changes conversations and notifies the service: first the pre event, then the change, then the post event.
 * Each change waits for the response to its post event, so that its caller can inspect the result.
 */
export class Actions {
  constructor(
    readonly store: ConversationStore,
    readonly events: Events,
  ) {}

  async createConversation(draft: ConversationDraft, origin: Origin): Promise<Conversation> {
    const conversation = await this.openConversation(draft, origin);
    await this.announceConversation(conversation, origin);
    return conversation;
  }

  /** Creates a conversation without its post event, because autocreation adds the customer first. */
  async openConversation(draft: ConversationDraft, origin: Origin, opening?: Opening): Promise<Conversation> {
    this.store.checkNewConversation(draft);
    const parameters = {
      ...newConversationParameters(draft),
      ...bindingParameters(opening?.binding ?? null),
      ...present({ MessageBody: opening?.messageBody }),
    };
    const changes = await this.events.before('onConversationAdd', origin, parameters, ofConversation);
    return this.store.addConversation({ ...draft, ...changes });
  }

  async announceConversation(conversation: Conversation, origin: Origin, opening?: Opening): Promise<void> {
    const parameters = {
      ...conversationParameters(conversation),
      ...bindingParameters(opening?.binding ?? null),
    };
    await this.events.after('onConversationAdded', origin, parameters);
  }

  async updateConversation(
    before: Conversation,
    changes: ConversationDraft,
    origin: Origin,
  ): Promise<Conversation> {
    this.store.checkConversationChanges(before.sid, changes);
    const parameters = { ...conversationParameters(before), ...present(wireNames(changes)) };
    const modified = await this.events.before('onConversationUpdate', origin, parameters, ofConversation);
    const after = this.store.updateConversation(before.sid, { ...changes, ...modified });
    await this.events.after('onConversationUpdated', origin, conversationParameters(after));
    await this.#announceState(after, before.state, 'API', origin);
    return after;
  }

  async removeConversation(conversation: Conversation, origin: Origin): Promise<void> {
    const parameters = conversationParameters(conversation);
    await this.events.before('onConversationRemove', origin, parameters, nothing);
    this.store.removeConversation(conversation.sid);
    await this.events.after('onConversationRemoved', origin, parameters);
  }

  async addParticipant(
    conversationSid: string,
    draft: ParticipantDraft,
    origin: Origin,
  ): Promise<Participant> {
    const binding = this.store.checkNewParticipant(conversationSid, draft);
    const parameters = newParticipantParameters(conversationSid, draft, binding);
    await this.events.before('onParticipantAdd', origin, parameters, nothing);
    const participant = this.store.addParticipant(conversationSid, draft);
    await this.events.after('onParticipantAdded', origin, participantParameters(participant));
    return participant;
  }

  async updateParticipant(
    before: Participant,
    changes: ParticipantChanges,
    origin: Origin,
  ): Promise<Participant> {
    this.store.checkParticipantChanges(before, changes);
    const proposed = present({
      Attributes: changes.attributes,
      Identity: changes.identity,
      RoleSid: changes.roleSid,
    });
    const parameters = { ...dated(before), ...proposed };
    await this.events.before('onParticipantUpdate', origin, parameters, nothing);
    const after = this.store.updateParticipant(before, changes);
    const lastRead = present({ LastReadMessageIndex: after.lastReadMessageIndex?.toString() });
    await this.events.after('onParticipantUpdated', origin, { ...dated(after), ...lastRead });
    return after;
  }

  async removeParticipant(participant: Participant, origin: Origin): Promise<void> {
    await this.events.before('onParticipantRemove', origin, dated(participant), nothing);
    this.store.removeParticipant(participant);
    await this.events.after('onParticipantRemoved', origin, dated(participant));
  }

  async addMessage(conversationSid: string, draft: MessageDraft, origin: Origin): Promise<Message> {
    const comesIn = origin.source === 'SMS' || origin.source === 'WHATSAPP';
    const limit = comesIn ? INBOUND_BODY_CHARACTERS : OUTBOUND_BODY_CHARACTERS;
    this.store.checkNewMessage(conversationSid, draft);
    checkBody(draft.body, limit);
    const parameters = newMessageParameters(conversationSid, draft);
    const changes = await this.events.before('onMessageAdd', origin, parameters, ofMessage);
    checkBody(changes.body ?? '', limit);
    const message = this.store.addMessage(conversationSid, { ...draft, ...changes });
    await this.#wake(conversationSid, origin);
    await this.events.after('onMessageAdded', origin, messageParameters(message));
    return message;
  }

  /** A message makes an inactive conversation active again. */
  async #wake(conversationSid: string, origin: Origin): Promise<void> {
    const { state } = this.store.get(conversationSid);
    if (state !== 'inactive') return;
    const awake = this.store.updateConversation(conversationSid, { state: 'active' });
    await this.#announceState(awake, state, 'EVENT', origin);
  }

  async #announceState(
    after: Conversation,
    stateBefore: ConversationState,
    reason: 'API' | 'EVENT',
    origin: Origin,
  ): Promise<void> {
    if (after.state === stateBefore) return;
    await this.events.after('onConversationStateUpdated', origin, {
      ConversationSid: after.sid,
      StateFrom: stateBefore,
      StateTo: after.state,
      StateUpdated: after.dateUpdated.toISOString(),
      Reason: reason,
      MessagingServiceSid: MESSAGING_SERVICE,
    });
  }
}

function wireNames(changes: ConversationDraft) {
  return {
    FriendlyName: changes.friendlyName,
    UniqueName: changes.uniqueName,
    Attributes: changes.attributes,
    State: changes.state,
  };
}

function dated(participant: Participant) {
  return { ...participantParameters(participant), DateUpdated: participant.dateUpdated.toISOString() };
}
