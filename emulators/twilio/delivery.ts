import type { EmulatorClock } from './clock';
import type { ContentStore } from './content-store';
import type { DeliveryStatus, Message, MessagingBinding, Participant, Receipt } from './conversation';
import type { ConversationStore } from './conversation-store';
import type { MessageStore } from './message-store';
import type { PhoneState, Phones } from './phones';

/** Milliseconds from a message's creation to its receipts; 0 is before the REST call returns. */
export interface DeliveryTiming {
  readonly sentAfterMs: number;
  readonly deliveredAfterMs: number;
}

export const USUAL_TIMING: DeliveryTiming = { sentAfterMs: 300, deliveredAfterMs: 1_500 };

interface DeliveryParts {
  readonly conversations: ConversationStore;
  readonly messages: MessageStore;
  readonly contents: ContentStore;
  readonly phones: Phones;
  readonly clock: EmulatorClock;
  readonly timing: DeliveryTiming;
  /** Called after each change of a receipt. */
  readonly onUpdated: (receipt: Receipt) => Promise<void>;
}

type Customer = Participant & { readonly messagingBinding: MessagingBinding };

/** Codes of content whose template WhatsApp no longer accepts, by its approval status. */
const UNUSABLE_CONTENT: Readonly<Record<string, number>> = {
  rejected: 63040,
  paused: 63041,
  disabled: 63042,
};

/** Carries messages to the customers' phones and keeps their receipts (twilio.md#delivery-failures). */
export class Delivery {
  /** Messages on WhatsApp that wait for a phone to be switched on, by its number. */
  #waiting: { readonly message: Message; readonly customer: Customer; readonly receipt: Receipt }[] = [];

  readonly #onTheirWay = new Set<string>();

  constructor(readonly parts: DeliveryParts) {}

  /** Whether a message that was sent has no receipt yet. */
  isOnItsWay({ sid }: Message): boolean {
    return this.#onTheirWay.has(sid);
  }

  /** Sends a message to every customer in its conversation, except its author. */
  async send(message: Message): Promise<void> {
    const customers = this.parts.conversations.participants(message.conversationSid).filter(hasBinding);
    for (const customer of customers) {
      if (customer.messagingBinding.address !== message.author) await this.#send(message, customer);
    }
  }

  /** Sets a phone's state. A phone that is switched on gets the WhatsApp messages that wait for it. */
  async setPhone(address: string, state: PhoneState): Promise<void> {
    const { phones } = this.parts;
    phones.set(address, state);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { message, customer, receipt } of waiting) await this.#arrive(message, customer, receipt);
  }

  /** A customer reads what has arrived on WhatsApp; SMS has no such receipt. */
  async read(address: string): Promise<void> {
    const { conversations, messages } = this.parts;
    const reader = conversations
      .everyParticipant()
      .filter(({ messagingBinding: its }) => its?.type === 'whatsapp' && its.address === address);
    for (const { sid, conversationSid } of reader) {
      const receipts = messages.list(conversationSid).flatMap((message) => messages.receipts(message.sid));
      const unread = receipts.filter(
        ({ participantSid, status }) => participantSid === sid && status === 'delivered',
      );
      for (const receipt of unread) await this.#update(receipt, 'read');
    }
  }

  async #send(message: Message, customer: Customer): Promise<void> {
    const { conversations, clock, timing } = this.parts;
    const { type } = customer.messagingBinding;
    const created = clock.now();
    const after = (milliseconds: number) => new Date(created.getTime() + milliseconds);
    this.#onTheirWay.add(message.sid);
    await clock.schedule(after(timing.sentAfterMs), async () => {
      this.#onTheirWay.delete(message.sid);
      const rejection = this.#rejection(message, customer.messagingBinding);
      const now = clock.now();
      const receipt = await this.#keep({
        sid: conversations.sids.next('DY'),
        messageSid: message.sid,
        conversationSid: message.conversationSid,
        participantSid: customer.sid,
        channelMessageSid: conversations.sids.next(
          type === 'whatsapp' ? 'WA' : message.media.length > 0 ? 'MM' : 'SM',
        ),
        status: rejection === null ? 'sent' : 'failed',
        errorCode: rejection ?? 0,
        dateCreated: now,
        dateUpdated: now,
      });
      if (rejection !== null) return;
      await clock.schedule(after(timing.deliveredAfterMs), () => this.#arrive(message, customer, receipt));
    });
  }

  /** The code with which Twilio or WhatsApp rejects a message before it leaves; null if it goes out. */
  #rejection(message: Message, binding: MessagingBinding): number | null {
    const { phones, contents, clock } = this.parts;
    const state = phones.state(binding.address);
    if (typeof state === 'number' && !isCarrierCode(state)) return state;
    if (binding.type === 'sms') return phones.isOptedOut(binding) ? 21610 : null;
    if (state === 'landline') return 63003;
    const status =
      message.contentSid === null ? null : (contents.find(message.contentSid)?.approval.status ?? '');
    const unusable = status === null ? undefined : UNUSABLE_CONTENT[status];
    if (unusable !== undefined) return unusable;
    const windowEnds = phones.windowEnds(binding);
    const isClosed = windowEnds === null || windowEnds <= clock.now();
    return status !== 'approved' && isClosed ? 63016 : null;
  }

  async #arrive(message: Message, customer: Customer, receipt: Receipt): Promise<void> {
    const { address, type } = customer.messagingBinding;
    const state = this.parts.phones.state(address);
    if (typeof state === 'number') await this.#update(receipt, 'undelivered', state);
    else if (state === 'landline') await this.#update(receipt, 'undelivered', 30006);
    else if (state === 'on') await this.#update(receipt, 'delivered');
    else if (type === 'sms') await this.#update(receipt, 'undelivered', 30003);
    else this.#waiting.push({ message, customer, receipt });
  }

  async #update(receipt: Receipt, status: DeliveryStatus, errorCode = 0): Promise<void> {
    await this.#keep({ ...receipt, status, errorCode, dateUpdated: this.parts.clock.now() });
  }

  /** Keeps a receipt and reports it, unless its message was deleted meanwhile. */
  async #keep(receipt: Receipt): Promise<Receipt> {
    const { messages, onUpdated } = this.parts;
    if (messages.find(receipt.conversationSid, receipt.messageSid) === undefined) return receipt;
    messages.keepReceipt(receipt);
    await onUpdated(receipt);
    return receipt;
  }
}

function hasBinding(participant: Participant): participant is Customer {
  return participant.messagingBinding !== null;
}

/** A message that fails at the carrier has left Twilio: it is sent first, then undelivered. */
function isCarrierCode(code: number): boolean {
  return code >= 30_000 && code < 31_000;
}
