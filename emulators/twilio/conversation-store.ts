import type {
  Conversation,
  ConversationDraft,
  Message,
  MessageDraft,
  MessagingBinding,
  Participant,
  ParticipantChanges,
  ParticipantDraft,
  Problem,
} from './conversation';
import {
  CONVERSATION_ATTRIBUTES_BYTES,
  checkAttributes,
  checkIdentity,
  checkNames,
  SMALL_ATTRIBUTES_BYTES,
} from './field-rules';
import { bind } from './messaging-binding';
import { PARTICIPANT_ROLE, type SidSource } from './sids';
import { notFound, twilioError } from './twilio-errors';

/** All conversations and their contents, with Twilio's rules for them. It does not handle HTTP and fires no events. */
export class ConversationStore {
  readonly #conversations = new Map<string, Conversation>();
  readonly #deleted = new Set<string>();
  readonly #participants = new Map<string, Participant>();
  readonly #messages = new Map<string, Message>();

  constructor(
    readonly sids: SidSource,
    readonly now: () => Date,
    readonly ourNumbers: readonly string[],
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

  checkNewConversation(draft: ConversationDraft): void {
    checkNames(draft);
    checkAttributes(draft.attributes ?? '{}', CONVERSATION_ATTRIBUTES_BYTES);
    if (draft.state === 'closed') throw twilioError('initialStateClosed');
    this.#checkUniqueName(draft.uniqueName);
  }

  addConversation(draft: ConversationDraft): Conversation {
    this.checkNewConversation(draft);
    return this.#keepConversation({
      sid: this.sids.next('CH'),
      friendlyName: draft.friendlyName ?? null,
      uniqueName: draft.uniqueName ?? null,
      attributes: draft.attributes ?? '{}',
      state: draft.state ?? 'active',
      dateCreated: this.now(),
      dateUpdated: this.now(),
      problems: [],
    });
  }

  checkConversationChanges(sid: string, changes: ConversationDraft): void {
    const conversation = this.#getOpen(sid);
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
      dateUpdated: this.now(),
    });
  }

  removeConversation(sid: string): void {
    this.#conversations.delete(sid);
    this.#deleted.add(sid);
    for (const { sid: participant } of this.participants(sid)) this.#participants.delete(participant);
    for (const { sid: message } of this.messages(sid)) this.#messages.delete(message);
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
    this.#getOpen(conversationSid);
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
    return this.#keepParticipant({
      sid: this.sids.next('MB'),
      conversationSid,
      identity: draft.identity ?? null,
      messagingBinding,
      attributes: draft.attributes ?? '{}',
      roleSid: draft.roleSid ?? PARTICIPANT_ROLE,
      lastReadMessageIndex: null,
      dateCreated: this.now(),
      dateUpdated: this.now(),
    });
  }

  checkParticipantChanges(participant: Participant, changes: ParticipantChanges): void {
    this.#getOpen(participant.conversationSid);
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
      lastReadMessageIndex: changes.lastReadMessageIndex ?? before.lastReadMessageIndex,
      dateUpdated: this.now(),
    });
  }

  removeParticipant({ sid, conversationSid }: Participant): void {
    this.#getOpen(conversationSid);
    this.#participants.delete(sid);
  }

  messages(conversationSid: string): Message[] {
    return [...this.#messages.values()].filter((message) => message.conversationSid === conversationSid);
  }

  checkNewMessage(conversationSid: string, draft: MessageDraft): void {
    this.#getOpen(conversationSid);
    checkAttributes(draft.attributes ?? '{}', SMALL_ATTRIBUTES_BYTES);
  }

  addMessage(conversationSid: string, draft: MessageDraft): Message {
    this.checkNewMessage(conversationSid, draft);
    const message: Message = {
      sid: this.sids.next('IM'),
      conversationSid,
      participantSid: draft.participantSid ?? null,
      index: this.messages(conversationSid).length,
      author: draft.author,
      body: draft.body,
      attributes: draft.attributes ?? '{}',
      dateCreated: this.now(),
      dateUpdated: this.now(),
    };
    this.#messages.set(message.sid, message);
    return message;
  }

  #keepConversation(conversation: Conversation): Conversation {
    this.#conversations.set(conversation.sid, conversation);
    return conversation;
  }

  #keepParticipant(participant: Participant): Participant {
    this.#participants.set(participant.sid, participant);
    return participant;
  }

  #getOpen(sid: string): Conversation {
    const conversation = this.get(sid);
    if (conversation.state === 'closed') throw twilioError('conversationClosed');
    return conversation;
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
