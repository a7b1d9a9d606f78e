import * as v from 'valibot';
import { errorMessage, NotFoundError, UpstreamError } from '../errors';
import type { RetryPolicy } from '../http-client/retry';
import { type Address, parseAddress } from '../phone-number/address';
import { conversationsRoot, listParticipants, orNotFound, Participant } from './conversation-requests';
import { ALREADY_THERE, CONVERSATION_CLOSED } from './error-codes';
import {
  ONCE_POLICY,
  openTwilio,
  TwilioApiError,
  type TwilioClient,
  type TwilioRequest,
  TwilioThrottledError,
  USUAL_POLICY,
} from './twilio-client';

/** An HTML page, or an object without a SID, does not confirm that a participant was added. */
const AddedParticipant = v.object({ sid: v.pipe(v.string(), v.nonEmpty()) });

const Conversation = v.object({
  friendly_name: v.optional(v.nullable(v.string()), null),
  attributes: v.optional(v.nullable(v.string()), '{}'),
  state: v.optional(v.nullable(v.string()), null),
});
export type Conversation = v.InferOutput<typeof Conversation>;

/** The outcome of one attempt to add a worker. */
export type AddAttempt =
  | { readonly outcome: 'added' }
  /** Twilio does not accept this worker. */
  | { readonly outcome: 'rejected'; readonly reason: string }
  /** Twilio did nothing, and may do it later: it throttles, or the conversation is not ready. */
  | { readonly outcome: 'later'; readonly waitMilliseconds: number; readonly reason: string }
  /** It is unknown whether the worker is in the conversation. */
  | { readonly outcome: 'unknown'; readonly reason: string }
  /** The conversation is closed, which is final, or Twilio does not find it. */
  | { readonly outcome: 'closed' | 'not-found'; readonly reason: string };

/** One conversation of Twilio Conversations, by its SID. */
export class TwilioConversation {
  readonly #url: string;

  /** @param place the API's address, and the conversation service if it is known (else the account's default). */
  constructor(
    private readonly client: TwilioClient,
    place: { readonly apiUrl: string; readonly serviceSid: string | null; readonly conversationSid: string },
  ) {
    const root = conversationsRoot(place.apiUrl, place.serviceSid);
    this.#url = `${root}/Conversations/${encodeURIComponent(place.conversationSid)}`;
  }

  /**
   * Sends one request to add the worker; a worker who is already there is success.
   * @throws {CredentialsRejectedError}
   */
  async tryToAddWorker(identity: string): Promise<AddAttempt> {
    try {
      await this.client.post(
        `${this.#url}/Participants`,
        { Identity: identity },
        AddedParticipant,
        ONCE_POLICY,
      );
      return { outcome: 'added' };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const reason = error.message;
      if (error instanceof TwilioThrottledError) {
        return { outcome: 'later', waitMilliseconds: (error.retryAfterSeconds ?? 0) * 1_000, reason };
      }
      if (!(error instanceof TwilioApiError)) return { outcome: 'unknown', reason };
      if (error.isPassing) return { outcome: 'later', waitMilliseconds: 0, reason };
      if (error.code === ALREADY_THERE || (error.status === 409 && error.code === 0)) {
        return { outcome: 'added' };
      }
      if (error.code === CONVERSATION_CLOSED) return { outcome: 'closed', reason };
      return error.status === 404 ? this.#afterNotFound(identity, reason) : { outcome: 'rejected', reason };
    }
  }

  /** Twilio may return 404 for a worker it did add (twilio.md#rest-requests), so the participants are listed. */
  async #afterNotFound(identity: string, reason: string): Promise<AddAttempt> {
    try {
      const workers = await this.workers();
      return workers.includes(identity) ? { outcome: 'added' } : { outcome: 'rejected', reason };
    } catch (error) {
      if (error instanceof NotFoundError) return { outcome: 'not-found', reason };
      if (!(error instanceof UpstreamError)) throw error;
      return { outcome: 'unknown', reason: errorMessage(error) };
    }
  }

  /** The identities of the workers in the conversation. @throws {NotFoundError} */
  async workers(policy: RetryPolicy = USUAL_POLICY): Promise<string[]> {
    const participants = await this.participants(policy);
    return participants.flatMap(({ identity }) => identity || []);
  }

  /** The addresses of the customers in the conversation. @throws {NotFoundError} */
  async customerAddresses(): Promise<Address[]> {
    const participants = await this.participants();
    return participants.flatMap(
      ({ messaging_binding }) => parseAddress(messaging_binding?.address ?? '') ?? [],
    );
  }

  /** All of them. @throws {NotFoundError} */
  participants(policy: RetryPolicy = USUAL_POLICY): Promise<Participant[]> {
    return listParticipants(this.client, this.#url, policy);
  }

  /** @throws {NotFoundError} */
  participant(sid: string): Promise<Participant> {
    return orNotFound(this.client.get(`${this.#url}/Participants/${encodeURIComponent(sid)}`, Participant));
  }

  /** Sets all of a participant's attributes, a JSON object as text. @throws {NotFoundError} */
  async setParticipantAttributes(sid: string, attributes: string): Promise<void> {
    const url = `${this.#url}/Participants/${encodeURIComponent(sid)}`;
    await orNotFound(this.client.post(url, { Attributes: attributes }, v.unknown()));
  }

  /** @throws {NotFoundError} */
  read(): Promise<Conversation> {
    return orNotFound(this.client.get(this.#url, Conversation));
  }

  /** @throws {NotFoundError} */
  async update(changes: { readonly FriendlyName?: string; readonly Attributes?: string }): Promise<void> {
    await orNotFound(this.client.post(this.#url, { ...changes }, v.unknown()));
  }
}

/** A conversation; in the account's default service if Twilio does not name one. */
export function openConversation(
  request: TwilioRequest,
  conversationSid: string,
  serviceSid: string | null,
): TwilioConversation {
  const apiUrl = request.configuration.conversationsUrl;
  return new TwilioConversation(openTwilio(request), { apiUrl, serviceSid, conversationSid });
}
