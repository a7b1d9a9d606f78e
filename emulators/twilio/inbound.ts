import type { Actions, Opening } from './actions';
import { bind, channelOf } from './address-rules';
import type { Conversation, MessageMedia } from './conversation';
import type { Origin } from './events';
import type { MediaStore, NewMedia } from './media-store';
import { mediaOf } from './message-form';
import type { Phones } from './phones';
import { TwilioError, twilioError } from './twilio-errors';
import type { SentWebhook } from './webhook-sender';

export interface InboundMessage {
  /** The customer: `+15558675310` or `whatsapp:+15558675310`. */
  readonly from: string;
  /** Our number that they write to. @default our first number of the same channel */
  readonly to?: string | undefined;
  readonly body: string;
  /** Files that come with it. */
  readonly media?: readonly NewMedia[];
  /** False delivers the message without any callback, to set up a test. @default true */
  readonly serviceEvents?: boolean;
}

export interface ReceivedMessage {
  /** Whether the message was published. False if the service rejected it or its conversation, or none was created. */
  readonly accepted: boolean;
  readonly autocreated: boolean;
  readonly conversationSid: string | null;
  readonly messageSid: string | null;
  readonly webhooks: readonly SentWebhook[];
  /** Why it was rejected; absent if autocreation is not configured for that number. */
  readonly error?: TwilioError;
}

/** Delivers messages from a customer's phone to a conversation. */
export class Inbound {
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(
    readonly actions: Actions,
    readonly phones: Phones,
    readonly mediaStore: MediaStore,
    readonly ourNumbers: readonly string[],
    readonly autocreates: (ourNumber: string) => boolean,
  ) {}

  /**
   * Publishes a message in the existing conversation of the two addresses, or creates one.
   * @throws {TwilioError} when the addresses cannot form a binding; nothing has changed then.
   */
  async receive({
    from,
    to,
    body,
    media = [],
    serviceEvents = true,
  }: InboundMessage): Promise<ReceivedMessage> {
    const binding = bind(from, to ?? this.#ourNumberFor(from), this.ourNumbers);
    const source = binding.type === 'whatsapp' ? 'WHATSAPP' : 'SMS';
    const origin: Origin = { source, firesEvents: serviceEvents, sent: [] };
    return this.#inTurn(`${binding.address} ${binding.proxyAddress}`, () => {
      this.phones.noteInbound(binding, body, this.actions.store.now());
      const files = media.map((file) => mediaOf(this.mediaStore.add({ ...file, author: from })));
      return this.#publish({ binding, messageBody: body }, files, origin);
    });
  }

  async #publish(opening: Opening, media: readonly MessageMedia[], origin: Origin): Promise<ReceivedMessage> {
    let conversation = this.actions.store.holding(opening.binding);
    if (conversation === undefined && !this.autocreates(opening.binding.proxyAddress)) {
      return { accepted: false, autocreated: false, conversationSid: null, messageSid: null, webhooks: [] };
    }
    const outcome = { autocreated: conversation === undefined, webhooks: origin.sent };
    try {
      if (conversation === undefined) {
        conversation = await this.actions.openConversation({}, origin, opening);
        await this.#addCustomer(conversation.sid, opening, origin);
      }
      const author = opening.binding.address;
      const participantSid = this.#participantSid(conversation, author);
      const draft = { author, body: opening.messageBody, media, participantSid };
      const { sid } = await this.actions.addMessage(conversation.sid, draft, origin);
      return { ...outcome, accepted: true, conversationSid: conversation.sid, messageSid: sid };
    } catch (error) {
      if (!(error instanceof TwilioError)) throw error;
      const conversationSid = conversation?.sid ?? null;
      return { ...outcome, accepted: false, conversationSid, messageSid: null, error };
    }
  }

  /** Adds the customer to their new conversation and asks the service for a worker (twilio.md#custom-routing). */
  async #addCustomer(sid: string, opening: Opening, origin: Origin): Promise<void> {
    const { store, events } = this.actions;
    const { address, proxyAddress } = opening.binding;
    // Both exist before the service hears of the first.
    const announce = () => this.actions.announceConversation(store.get(sid), origin, opening);
    await this.actions.addParticipant(sid, { address, proxyAddress }, origin, announce);
    if (await events.route(store.get(sid), opening.binding, origin)) return;
    const message = 'Custom Routing Callback failed to execute successfully';
    store.recordProblem(sid, { code: 48010, message });
  }

  #ourNumberFor(from: string): string {
    const channel = channelOf(from);
    if (channel === undefined) {
      throw twilioError(
        'addressInvalid',
        `${from} is not an address such as +14155550123 or whatsapp:+14155550123`,
      );
    }
    const number = this.ourNumbers.find((one) => channelOf(one) === channel);
    if (number === undefined) throw twilioError('proxyNotOurs', `The account has no sender for ${channel}`);
    return number;
  }

  #participantSid({ sid }: Conversation, address: string): string | undefined {
    const participants = this.actions.store.participants(sid);
    return participants.find(({ messagingBinding }) => messagingBinding?.address === address)?.sid;
  }

  /** Serializes a customer's messages, because two simultaneous ones must not create two conversations. */
  async #inTurn<T>(pair: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(pair) ?? Promise.resolve()).then(work, work);
    this.#turns.set(pair, turn);
    return turn;
  }
}
