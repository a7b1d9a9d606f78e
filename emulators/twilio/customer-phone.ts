import type { DeliveryStatus, Message, MessageMedia } from './conversation';
import type { ConversationStore } from './conversation-store';
import type { Delivery } from './delivery';
import type { MessageStore } from './message-store';
import type { PhoneState, Phones } from './phones';

/** One of a customer's addresses, and our number that they write to. */
export interface Pair {
  readonly address: string;
  readonly proxyAddress: string;
}

interface PhoneMessage {
  readonly sid: string;
  readonly isOwn: boolean;
  readonly text: string;
  readonly media: readonly MessageMedia[];
  readonly at: Date;
  /** How far a message to the phone has come; null for the customer's own. */
  readonly status: DeliveryStatus | null;
}

/** What a customer's phone shows of the messages with one of our numbers. */
export interface PhoneThread {
  readonly state: PhoneState;
  /** Whether Twilio blocks texts to the phone after a STOP. */
  readonly isOptedOut: boolean;
  /** When WhatsApp's 24 hours end or ended; null without a message from the customer. */
  readonly windowEnds: Date | null;
  readonly messages: readonly PhoneMessage[];
}

interface PhoneParts {
  readonly store: ConversationStore;
  readonly messages: MessageStore;
  readonly phones: Phones;
  readonly delivery: Delivery;
}

/** The customers' phones, as their owners see and use them. */
export class CustomerPhone {
  constructor(readonly parts: PhoneParts) {}

  /** Of all conversations between the two, closed ones too: a phone knows of one thread only. */
  thread({ address, proxyAddress }: Pair): PhoneThread {
    const { phones } = this.parts;
    const messages = this.#messages({ address, proxyAddress }).flatMap((message) =>
      this.#asShown(message, address),
    );
    return {
      state: phones.state(address),
      isOptedOut: phones.isOptedOut({ address, proxyAddress }),
      windowEnds: phones.windowEnds({ address, proxyAddress }),
      messages: messages.toSorted((a, b) => a.at.getTime() - b.at.getTime()),
    };
  }

  /** As if the messages of the two had been sent that much earlier, in milliseconds. */
  letTimePass(pair: Pair, milliseconds: number): void {
    const { messages, phones } = this.parts;
    const earlier = (date: Date) => new Date(date.getTime() - milliseconds);
    for (const message of this.#messages(pair)) messages.backdate(message, earlier(message.dateCreated));
    phones.backdate(pair, milliseconds);
  }

  #messages(pair: Pair): Message[] {
    const { store, messages } = this.parts;
    const sids = store
      .everyParticipant()
      .filter(({ messagingBinding: its }) => its?.address === pair.address)
      .filter(({ messagingBinding: its }) => its?.proxyAddress === pair.proxyAddress)
      .map(({ conversationSid }) => conversationSid);
    return sids.flatMap((sid) => messages.list(sid));
  }

  /** Nothing for a message that has not arrived. */
  #asShown(message: Message, address: string): PhoneMessage | [] {
    const { messages, delivery } = this.parts;
    const isOwn = message.author === address;
    const [receipt] = messages.receipts(message.sid);
    const status = receipt?.status ?? 'delivered';
    const hasArrived = isOwn || (!delivery.isOnItsWay(message) && /^(delivered|read)$/.test(status));
    if (!hasArrived) return [];
    const { sid, deliveredText: text, media, dateCreated: at } = message;
    return { sid, isOwn, text, media, at, status: isOwn ? null : status };
  }
}
