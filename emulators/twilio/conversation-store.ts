import { bind } from './address-rules';
import type {
  Conversation,
  ConversationDraft,
  ConversationState,
  MessagingBinding,
  Participant,
  ParticipantChanges,
  ParticipantDraft,
  Problem,
  Timers,
} from './conversation';
import type { ConversationUsers } from './conversation-users';
import {
  CONVERSATION_ATTRIBUTES_BYTES,
  checkAttributes,
  checkIdentity,
  checkNames,
  SMALL_ATTRIBUTES_BYTES,
} from './field-rules';
import { MESSAGING_SERVICE, PARTICIPANT_ROLE, type SidSource } from './sids';
import { notFound, twilioError } from './twilio-errors';

/** All conversations and their participants, with Twilio's rules for them. Fires no events. */
export class ConversationStore {
  readonly #conversations = new Map<string, Conversation>();
  readonly #deleted = new Set<string>();
  readonly #participants = new Map<string, Participant>();

  constructor(
    readonly sids: SidSource,
    readonly now: () => Date,
    readonly ourNumbers: readonly string[],
    readonly users: ConversationUsers,
    /** The account's timers, for a conversation without its own. */
    readonly defaultTimers: () => Timers = () => ({ inactive: null, closed: null }),
  ) {}

  list(): Conversation[] {
    return [...this.#conversations.values()];
  }

  find(sidOrUniqueName: string): Conversation | undefined {
    return (
      this.#conversations.get(sidOrUniqueName) ??
      this.list().find(({ uniqueName }) => uniqueName === sidOrUniqueName)
    );
  }

  /** @throws {TwilioError} 50350 for a deleted conversation, 20404 for an unknown one. */
  get(sidOrUniqueName: string, path = `/v1/Conversations/${sidOrUniqueName}`): Conversation {
    const conversation = this.find(sidOrUniqueName);
    if (conversation !== undefined) return conversation;
    throw this.#deleted.has(sidOrUniqueName) ? twilioError('conversationNotFound') : notFound(path);
  }

  /** @throws {TwilioError} 50377 for a closed conversation, 50386 for one that is still being set up. */
  getOpen(sid: string): Conversation {
    const conversation = this.get(sid);
    if (conversation.state === 'closed') throw twilioError('conversationClosed');
    if (conversation.state === 'initializing') throw twilioError('conversationInitializing');
    return conversation;
  }

  checkNewConversation(draft: ConversationDraft): void {
    checkNames(draft);
    checkAttributes(draft.attributes ?? '{}', CONVERSATION_ATTRIBUTES_BYTES);
    if (draft.timers !== undefined && draft.state === undefined) throw twilioError('timersWithoutState');
    if (draft.state === 'closed') throw twilioError('initialStateClosed');
    this.#checkUniqueName(draft.uniqueName);
  }

  addConversation(draft: ConversationDraft): Conversation {
    this.checkNewConversation(draft);
    const created = draft.dateCreated ?? this.now();
    return this.#keepConversation({
      sid: this.sids.next('CH'),
      messagingServiceSid: draft.messagingServiceSid ?? MESSAGING_SERVICE,
      friendlyName: draft.friendlyName ?? null,
      uniqueName: draft.uniqueName ?? null,
      attributes: draft.attributes ?? '{}',
      state: draft.state ?? 'active',
      timers: { ...this.defaultTimers(), ...draft.timers },
      lastActivity: created,
      dateCreated: created,
      dateUpdated: created,
      problems: [],
    });
  }

  checkConversationChanges(sid: string, changes: ConversationDraft): void {
    const conversation = this.getOpen(sid);
    checkNames(changes);
    if (changes.attributes !== undefined) checkAttributes(changes.attributes, CONVERSATION_ATTRIBUTES_BYTES);
    if (changes.uniqueName !== conversation.uniqueName) this.#checkUniqueName(changes.uniqueName);
  }

  updateConversation(sid: string, changes: ConversationDraft): Conversation {
    this.checkConversationChanges(sid, changes);
    const before = this.get(sid);
    return this.#keepConversation({
      ...before,
      friendlyName: changes.friendlyName ?? before.friendlyName,
      uniqueName: changes.uniqueName ?? before.uniqueName,
      attributes: changes.attributes ?? before.attributes,
      state: changes.state ?? before.state,
      messagingServiceSid: changes.messagingServiceSid ?? before.messagingServiceSid,
      timers: { ...before.timers, ...changes.timers },
      lastActivity: this.now(),
      dateUpdated: this.now(),
    });
  }

  /** A message is activity, which restarts the timers and reactivates an inactive conversation. */
  noteActivity(sid: string): Conversation {
    const before = this.get(sid);
    const state = before.state === 'inactive' ? 'active' : before.state;
    return this.#keepConversation({ ...before, state, lastActivity: this.now() });
  }

  /** Sets the state that a timer or Twilio itself causes. */
  setState(sid: string, state: ConversationState): Conversation {
    return this.#keepConversation({ ...this.get(sid), state, dateUpdated: this.now() });
  }

  removeConversation(sid: string): void {
    this.#conversations.delete(sid);
    this.#deleted.add(sid);
    for (const { sid: participant } of this.participants(sid)) this.#participants.delete(participant);
  }

  recordProblem(sid: string, problem: Problem): void {
    const conversation = this.get(sid);
    this.#keepConversation({ ...conversation, problems: [...conversation.problems, problem] });
  }

  participants(conversationSid: string): Participant[] {
    return this.everyParticipant().filter((participant) => participant.conversationSid === conversationSid);
  }

  everyParticipant(): Participant[] {
    return [...this.#participants.values()];
  }

  /** The open conversation between this customer and our number; there is at most one. */
  holding({ address, proxyAddress }: Omit<MessagingBinding, 'type'>): Conversation | undefined {
    const conversations = this.everyParticipant()
      .filter(({ messagingBinding: its }) => its?.address === address && its.proxyAddress === proxyAddress)
      .map(({ conversationSid }) => this.get(conversationSid));
    return conversations.find(({ state }) => state !== 'closed');
  }

  /** @throws {TwilioError} 50377, 50211, 50433, 50416, 50303, 50304 or an address error. */
  checkNewParticipant(conversationSid: string, draft: ParticipantDraft): MessagingBinding | null {
    this.getOpen(conversationSid);
    checkAttributes(draft.attributes ?? '{}', SMALL_ATTRIBUTES_BYTES);
    const hasAddress = draft.address !== undefined || draft.proxyAddress !== undefined;
    if (hasAddress && draft.identity !== undefined) throw twilioError('identityAndAddress');
    if (!hasAddress) {
      this.#checkNewIdentity(conversationSid, draft.identity ?? '');
      return null;
    }
    const binding = bind(draft.address, draft.proxyAddress, this.ourNumbers);
    const holder = this.holding(binding);
    if (holder === undefined) return binding;
    const message = 'A binding for this participant and proxy address already exists in Conversation';
    throw twilioError('pairTaken', `${message} ${holder.sid}`);
  }

  addParticipant(conversationSid: string, draft: ParticipantDraft): Participant {
    const messagingBinding = this.checkNewParticipant(conversationSid, draft);
    if (draft.identity !== undefined) this.users.ensure(draft.identity);
    return this.#keepParticipant({
      sid: this.sids.next('MB'),
      conversationSid,
      identity: draft.identity ?? null,
      messagingBinding,
      attributes: draft.attributes ?? '{}',
      roleSid: draft.roleSid ?? PARTICIPANT_ROLE,
      lastReadMessageIndex: null,
      lastReadTimestamp: null,
      notificationLevel: 'default',
      dateCreated: this.now(),
      dateUpdated: this.now(),
    });
  }

  checkParticipantChanges(participant: Participant, changes: ParticipantChanges): void {
    this.getOpen(participant.conversationSid);
    if (changes.attributes !== undefined) checkAttributes(changes.attributes, SMALL_ATTRIBUTES_BYTES);
    if (changes.identity === undefined || changes.identity === participant.identity) return;
    if (participant.messagingBinding !== null) throw twilioError('identityAndAddress');
    this.#checkNewIdentity(participant.conversationSid, changes.identity);
  }

  /** Attributes are replaced whole and not merged, as at Twilio. */
  updateParticipant(participant: Participant, changes: ParticipantChanges): Participant {
    this.checkParticipantChanges(participant, changes);
    const before = this.#participants.get(participant.sid);
    if (before === undefined) throw twilioError('participantNotFound');
    return this.#keepParticipant({
      ...before,
      identity: changes.identity ?? before.identity,
      attributes: changes.attributes ?? before.attributes,
      roleSid: changes.roleSid ?? before.roleSid,
      lastReadMessageIndex:
        changes.lastReadMessageIndex === undefined
          ? before.lastReadMessageIndex
          : changes.lastReadMessageIndex,
      lastReadTimestamp: changes.lastReadTimestamp ?? before.lastReadTimestamp,
      notificationLevel: changes.notificationLevel ?? before.notificationLevel,
      dateUpdated: this.now(),
    });
  }

  removeParticipant({ sid, conversationSid }: Participant): void {
    this.getOpen(conversationSid);
    this.#participants.delete(sid);
  }

  #keepConversation(conversation: Conversation): Conversation {
    this.#conversations.set(conversation.sid, conversation);
    return conversation;
  }

  #keepParticipant(participant: Participant): Participant {
    this.#participants.set(participant.sid, participant);
    return participant;
  }

  #checkUniqueName(uniqueName: string | undefined): void {
    if (uniqueName !== undefined && this.find(uniqueName) !== undefined) throw twilioError('uniqueNameTaken');
  }

  #checkNewIdentity(conversationSid: string, identity: string): void {
    checkIdentity(identity);
    const taken = this.participants(conversationSid).some((participant) => participant.identity === identity);
    if (taken) throw twilioError('identityTaken');
  }
}
