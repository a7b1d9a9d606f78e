import * as v from 'valibot';
import { NotFound } from '../errors/errors';
import { type Address, parseAddress } from '../phone-number/address';
import { openTwilio, Refused, type TwilioClient, type TwilioRequest } from './twilio-client';

const Binding = v.object({ address: v.optional(v.nullable(v.string()), null) });

const Participant = v.object({
  sid: v.string(),
  identity: v.optional(v.nullable(v.string()), null),
  attributes: v.optional(v.nullable(v.string()), '{}'),
  messaging_binding: v.optional(v.nullable(Binding), null),
});
export type Participant = v.InferOutput<typeof Participant>;

const ParticipantPage = v.object({ participants: v.array(Participant) });

const Conversation = v.object({
  friendly_name: v.optional(v.nullable(v.string()), null),
  attributes: v.optional(v.nullable(v.string()), '{}'),
});
export type Conversation = v.InferOutput<typeof Conversation>;

const ALREADY_THERE = 50_433;
const CLOSED = 50_377;

/** One conversation of Twilio Conversations, by its SID. */
export class TwilioConversation {
  readonly #url: string;

  /** @param place the API's address, and the conversation service where it is known (else the account's default). */
  constructor(
    private readonly client: TwilioClient,
    place: { readonly apiUrl: string; readonly serviceSid: string | null; readonly conversationSid: string },
  ) {
    const service = place.serviceSid === null ? '' : `/Services/${encodeURIComponent(place.serviceSid)}`;
    this.#url = `${place.apiUrl}/v1${service}/Conversations/${encodeURIComponent(place.conversationSid)}`;
  }

  /**
   * Makes sure that the worker is in the conversation.
   * @throws {NotFound} when there is no such conversation any more, {Refused} when Twilio does not take the worker.
   */
  async addWorker(identity: string): Promise<void> {
    try {
      await this.client.post(`${this.#url}/Participants`, { Identity: identity }, v.unknown());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === ALREADY_THERE || (error.status === 409 && error.code === 0)) return;
      if (error.code === CLOSED) throw new NotFound('The conversation is closed', { cause: error });
      // Twilio may say 404 to a worker it did add (Twilio contract 8), so it is asked who is there.
      if (error.status !== 404) throw error;
      const workers = await this.workers();
      if (!workers.includes(identity)) throw error;
    }
  }

  /** The identities of the workers in the conversation. @throws {NotFound} */
  async workers(): Promise<string[]> {
    const participants = await this.participants();
    return participants.flatMap(({ identity }) => identity || []);
  }

  /** The addresses of the customers in the conversation. @throws {NotFound} */
  async customerAddresses(): Promise<Address[]> {
    const participants = await this.participants();
    return participants.flatMap(
      ({ messaging_binding }) => parseAddress(messaging_binding?.address ?? '') ?? [],
    );
  }

  /** The first hundred in the conversation: more customers than that Twilio takes into none. @throws {NotFound} */
  async participants(): Promise<Participant[]> {
    const { participants } = await this.#get(`${this.#url}/Participants?PageSize=100`, ParticipantPage);
    return participants;
  }

  /** @throws {NotFound} */
  participant(sid: string): Promise<Participant> {
    return this.#get(`${this.#url}/Participants/${encodeURIComponent(sid)}`, Participant);
  }

  /** Sets all of a participant's attributes, a JSON object as text. @throws {NotFound} */
  async setParticipantAttributes(sid: string, attributes: string): Promise<void> {
    const url = `${this.#url}/Participants/${encodeURIComponent(sid)}`;
    await ifThere(this.client.post(url, { Attributes: attributes }, v.unknown()));
  }

  /** @throws {NotFound} */
  read(): Promise<Conversation> {
    return this.#get(this.#url, Conversation);
  }

  /** @throws {NotFound} */
  async update(changes: { readonly FriendlyName?: string; readonly Attributes?: string }): Promise<void> {
    await ifThere(this.client.post(this.#url, { ...changes }, v.unknown()));
  }

  #get<T>(url: string, answer: v.GenericSchema<unknown, T>): Promise<T> {
    return ifThere(this.client.get(url, answer));
  }
}

/** What a request about a conversation brings. @throws {NotFound} where that, or the participant, is gone or closed. */
async function ifThere<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refused && (error.status === 404 || error.code === CLOSED)) {
      throw new NotFound('The conversation or participant is gone or closed', { cause: error });
    }
    throw error;
  }
}

/** A conversation; in the account's default service where Twilio does not say in which. */
export function openConversation(
  request: TwilioRequest,
  conversationSid: string,
  serviceSid: string | null,
): TwilioConversation {
  const apiUrl = request.configuration.conversationsUrl;
  return new TwilioConversation(openTwilio(request), { apiUrl, serviceSid, conversationSid });
}
