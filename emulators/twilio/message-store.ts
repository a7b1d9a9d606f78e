import type { Message, MessageChanges, MessageDraft, Receipt } from './conversation';
import type { ConversationStore } from './conversation-store';
import { checkAttributes, SMALL_ATTRIBUTES_BYTES } from './field-rules';
import { twilioError } from './twilio-errors';

/** The messages of all conversations and their delivery receipts, with Twilio's rules for them. Fires no events. */
export class MessageStore {
  readonly #messages = new Map<string, Map<string, Message>>();
  readonly #nextIndexes = new Map<string, number>();
  readonly #receipts = new Map<string, Map<string, Receipt>>();

  constructor(readonly conversations: ConversationStore) {}

  /** By index. */
  list(conversationSid: string): Message[] {
    return [...(this.#messages.get(conversationSid)?.values() ?? [])];
  }

  find(conversationSid: string, sid: string): Message | undefined {
    return this.#messages.get(conversationSid)?.get(sid);
  }

  check(conversationSid: string, draft: MessageDraft): void {
    this.conversations.getOpen(conversationSid);
    checkAttributes(draft.attributes ?? '{}', SMALL_ATTRIBUTES_BYTES);
    if (draft.body === '' && !draft.media?.length && draft.contentSid === undefined) {
      throw twilioError('messageEmpty');
    }
  }

  add(conversationSid: string, draft: MessageDraft): Message {
    this.check(conversationSid, draft);
    const { sids, now } = this.conversations;
    const index = this.#nextIndexes.get(conversationSid) ?? 0;
    this.#nextIndexes.set(conversationSid, index + 1);
    const created = draft.dateCreated ?? now();
    return this.#keep({
      sid: sids.next('IM'),
      conversationSid,
      participantSid: draft.participantSid ?? null,
      index,
      author: draft.author,
      body: draft.body,
      media: draft.media ?? [],
      contentSid: draft.contentSid ?? null,
      deliveredText: draft.deliveredText ?? draft.body,
      attributes: draft.attributes ?? '{}',
      dateCreated: created,
      dateUpdated: draft.dateUpdated ?? created,
    });
  }

  /** Twilio's indexes can have gaps. */
  skipIndexes(conversationSid: string, count: number): void {
    this.#nextIndexes.set(conversationSid, (this.#nextIndexes.get(conversationSid) ?? 0) + count);
  }

  checkChanges(message: Message, changes: MessageChanges): void {
    this.conversations.getOpen(message.conversationSid);
    if (changes.attributes !== undefined) checkAttributes(changes.attributes, SMALL_ATTRIBUTES_BYTES);
    if (changes.body !== undefined && message.media.length > 0) throw twilioError('mediaMessageBody');
  }

  /** Changes what is stored; what the customer's phone has received stays. */
  update(message: Message, changes: MessageChanges): Message {
    this.checkChanges(message, changes);
    return this.#keep({
      ...message,
      author: changes.author ?? message.author,
      body: changes.body ?? message.body,
      attributes: changes.attributes ?? message.attributes,
      dateCreated: changes.dateCreated ?? message.dateCreated,
      dateUpdated: changes.dateUpdated ?? this.conversations.now(),
    });
  }

  backdate(message: Message, dateCreated: Date): void {
    this.#keep({ ...message, dateCreated });
  }

  remove({ sid, conversationSid }: Message): void {
    this.conversations.getOpen(conversationSid);
    this.#messages.get(conversationSid)?.delete(sid);
    this.#receipts.delete(sid);
  }

  removeAll(conversationSid: string): void {
    for (const { sid } of this.list(conversationSid)) this.#receipts.delete(sid);
    this.#messages.delete(conversationSid);
  }

  receipts(messageSid: string): Receipt[] {
    return [...(this.#receipts.get(messageSid)?.values() ?? [])];
  }

  keepReceipt(receipt: Receipt): Receipt {
    const receipts = this.#receipts.get(receipt.messageSid) ?? new Map<string, Receipt>();
    this.#receipts.set(receipt.messageSid, receipts.set(receipt.sid, receipt));
    return receipt;
  }

  #keep(message: Message): Message {
    const messages = this.#messages.get(message.conversationSid) ?? new Map<string, Message>();
    this.#messages.set(message.conversationSid, messages.set(message.sid, message));
    return message;
  }
}
