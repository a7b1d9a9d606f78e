import * as v from 'valibot';
import type { EmulatorClock } from './clock';
import type {
  Conversation,
  ConversationDraft,
  ConversationState,
  Message,
  MessageChanges,
  MessageDraft,
  MessagingBinding,
  Participant,
  ParticipantChanges,
  ParticipantDraft,
} from './conversation';
import type { ConversationStore } from './conversation-store';
import type { ConversationUser, UserFields } from './conversation-users';
import type { Delivery } from './delivery';
import {
  bindingParameters,
  conversationParameters,
  datesOf,
  messageParameters,
  newConversationParameters,
  newMessageParameters,
  newParticipantParameters,
  participantParameters,
  present,
  userParameters,
} from './event-parameters';
import type { Events, Origin } from './events';
import { checkBody } from './field-rules';
import type { MediaStore } from './media-store';
import type { MessageStore } from './message-store';
import { stateAt, timerDates } from './timers';

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

const OUTBOUND_BODY_CHARACTERS = 1600;
const OTHER_BODY_CHARACTERS = 32 * 1024;

/** Parameters that a customer's first message adds to the events of the conversation that it creates. */
export interface Opening {
  readonly binding: MessagingBinding;
  readonly messageBody: string;
}

interface ActionParts {
  readonly store: ConversationStore;
  readonly messages: MessageStore;
  readonly events: Events;
  readonly delivery: Delivery;
  readonly media: MediaStore;
  readonly clock: EmulatorClock;
}

/**
 * Changes conversations and notifies the service: first the pre event, then the change, then the post event.
 * Each change waits for the response to its post event, so that its caller can inspect the result.
 */
export class Actions {
  readonly store: ConversationStore;
  readonly messages: MessageStore;
  readonly events: Events;

  constructor(readonly parts: ActionParts) {
    this.store = parts.store;
    this.messages = parts.messages;
    this.events = parts.events;
  }

  async createConversation(draft: ConversationDraft, origin: Origin): Promise<Conversation> {
    const conversation = await this.openConversation(draft, origin);
    await this.announceConversation(conversation, origin);
    return conversation;
  }

  /** Creates a conversation without its post event, because autocreation adds the customer before it. */
  async openConversation(draft: ConversationDraft, origin: Origin, opening?: Opening): Promise<Conversation> {
    this.store.checkNewConversation(draft);
    const parameters = {
      ...newConversationParameters(draft),
      ...bindingParameters(opening?.binding ?? null),
      ...present({ MessageBody: opening?.messageBody }),
    };
    const changes = await this.events.before('onConversationAdd', origin, parameters, ofConversation);
    const conversation = this.store.addConversation({ ...draft, ...changes });
    await this.#scheduleTimers(conversation);
    return conversation;
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
    await this.#scheduleTimers(after);
    return after;
  }

  async removeConversation(conversation: Conversation, origin: Origin): Promise<void> {
    const parameters = conversationParameters(conversation);
    await this.events.before('onConversationRemove', origin, parameters, nothing);
    this.store.removeConversation(conversation.sid);
    this.messages.removeAll(conversation.sid);
    await this.events.after('onConversationRemoved', origin, parameters);
  }

  async addParticipant(
    conversationSid: string,
    draft: ParticipantDraft,
    origin: Origin,
    beforePostEvent = async () => {},
  ): Promise<Participant> {
    const binding = this.store.checkNewParticipant(conversationSid, draft);
    const parameters = newParticipantParameters(conversationSid, draft, binding);
    await this.events.before('onParticipantAdd', origin, parameters, nothing);
    const participant = this.store.addParticipant(conversationSid, draft);
    await beforePostEvent();
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
    const limit = this.#bodyLimit(conversationSid, origin);
    this.messages.check(conversationSid, draft);
    checkBody(draft.body, limit);
    const parameters = newMessageParameters(conversationSid, draft);
    const changes = await this.events.before('onMessageAdd', origin, parameters, ofMessage);
    checkBody(changes.body ?? '', limit);
    const message = this.messages.add(conversationSid, {
      ...draft,
      ...(changes.body !== undefined && { deliveredText: changes.body }),
      ...changes,
    });
    this.parts.media.attach(message.media, message.sid, conversationSid);
    await this.#wake(conversationSid, origin);
    const sent = this.parts.delivery.send(message);
    await this.events.after('onMessageAdded', origin, this.#parametersOf(message));
    await sent;
    return message;
  }

  async updateMessage(before: Message, changes: MessageChanges, origin: Origin): Promise<Message> {
    this.messages.checkChanges(before, changes);
    checkBody(changes.body ?? '', this.#bodyLimit(before.conversationSid, origin));
    const proposed = present({ Body: changes.body, Author: changes.author, Attributes: changes.attributes });
    const parameters = { ...this.#parametersOf(before), ...proposed };
    const modified = await this.events.before('onMessageUpdate', origin, parameters, ofMessage);
    const after = this.messages.update(before, { ...changes, ...modified });
    await this.events.after('onMessageUpdated', origin, { ...this.#parametersOf(after), ...datesOf(after) });
    return after;
  }

  async removeMessage(message: Message, origin: Origin): Promise<void> {
    const parameters = { ...this.#parametersOf(message), ...datesOf(message) };
    await this.events.before('onMessageRemove', origin, parameters, nothing);
    this.messages.remove(message);
    await this.events.after('onMessageRemoved', origin, parameters);
  }

  async createUser(identity: string, fields: UserFields, origin: Origin): Promise<ConversationUser> {
    const user = this.store.users.create(identity, fields);
    await this.events.after('onUserAdded', origin, userParameters(user));
    return user;
  }

  async updateUser(before: ConversationUser, fields: UserFields, origin: Origin): Promise<ConversationUser> {
    await this.events.before('onUserUpdate', origin, userParameters(before), nothing);
    const after = this.store.users.update(before, fields);
    await this.events.after('onUserUpdated', origin, userParameters(after));
    return after;
  }

  /** An SMS or WhatsApp message that goes out holds less than one that comes in, or one between workers. */
  #bodyLimit(conversationSid: string, { source }: Origin): number {
    const comesIn = source === 'SMS' || source === 'WHATSAPP';
    const participants = this.store.participants(conversationSid);
    const goesOut = participants.some(({ messagingBinding }) => messagingBinding !== null);
    return goesOut && !comesIn ? OUTBOUND_BODY_CHARACTERS : OTHER_BODY_CHARACTERS;
  }

  #parametersOf(message: Message) {
    return messageParameters(message, this.store.get(message.conversationSid).messagingServiceSid);
  }

  /** A message makes an inactive conversation active again, and restarts its timers. */
  async #wake(conversationSid: string, origin: Origin): Promise<void> {
    const before = this.store.get(conversationSid);
    const after = this.store.noteActivity(conversationSid);
    await this.#announceState(after, before.state, 'EVENT', origin);
    await this.#scheduleTimers(after);
  }

  async #scheduleTimers(conversation: Conversation): Promise<void> {
    const { inactive, closed } = timerDates(conversation);
    for (const due of [inactive, closed]) {
      if (due !== null) await this.parts.clock.schedule(due, () => this.#runTimers(conversation.sid));
    }
  }

  /** A timer may have been restarted since it was scheduled, so the state that is due now counts. */
  async #runTimers(sid: string): Promise<void> {
    const before = this.store.find(sid);
    if (before === undefined) return;
    const state = stateAt(before, this.parts.clock.now());
    if (state === before.state) return;
    const after = this.store.setState(sid, state);
    await this.#announceState(after, before.state, 'TIMER', { source: 'TIMER', firesEvents: true, sent: [] });
  }

  async #announceState(
    after: Conversation,
    stateBefore: ConversationState,
    reason: 'API' | 'EVENT' | 'TIMER',
    origin: Origin,
  ): Promise<void> {
    if (after.state === stateBefore) return;
    await this.events.after('onConversationStateUpdated', origin, {
      ConversationSid: after.sid,
      StateFrom: stateBefore,
      StateTo: after.state,
      StateUpdated: after.dateUpdated.toISOString(),
      Reason: reason,
      MessagingServiceSid: after.messagingServiceSid,
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
