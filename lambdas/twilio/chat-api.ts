import * as v from 'valibot';
import { NotFoundError } from '../errors';
import {
  ConversationPage,
  ConversationResource,
  MediaRecord,
  MessagePage,
  MessageResource,
  ReceiptPage,
  UserConversationPage,
} from './chat-resources';
import {
  ConversationClosedError,
  conversationsRoot,
  listParticipants,
  orNotFound,
  Participant,
} from './conversation-requests';
import { ALREADY_THERE, CONVERSATION_CLOSED, NAME_TAKEN, PAIR_TAKEN } from './error-codes';
import { nextPageQuery, pagesOf } from './paging';
import { openTwilio, TwilioApiError, type TwilioClient, type TwilioRequest } from './twilio-client';

/** Fifty rows each: the most conversations that a user may be in, and as many closed ones. */
const MAX_PAGES = 40;

export interface MessageForm {
  /** The worker's identity. */
  readonly author: string;
  /** A text, or an approved template with all of its variables. */
  readonly content:
    | { readonly body: string }
    | { readonly contentSid: string; readonly variables: Readonly<Record<string, string>> };
  /** A JSON object as text. */
  readonly attributes: string;
}

/** The pair of customer and number is in another open conversation already. */
export interface PairTaken {
  /** Null where Twilio does not name it. */
  readonly takenBy: string | null;
}

/** Twilio Conversations as the inbox uses it (twilio.md#conversations-by-rest). Errors are those of `TwilioClient`. */
export class ChatApi {
  readonly #root: string;

  /** @param serviceSid null: the account's default conversation service */
  constructor(
    private readonly client: TwilioClient,
    private readonly urls: { readonly conversations: string; readonly media: string },
    serviceSid: string | null,
  ) {
    this.#root = conversationsRoot(urls.conversations, serviceSid);
  }

  /** @throws {NotFoundError} */
  conversation(sidOrName: string): Promise<ConversationResource> {
    return orNotFound(this.client.get(this.#conversation(sidOrName), ConversationResource));
  }

  /** All of them. @throws {NotFoundError} */
  participants(sid: string): Promise<Participant[]> {
    return listParticipants(this.client, this.#conversation(sid));
  }

  /** One page, newest first. @param page the `next` of the page before @throws {NotFoundError} */
  async messages(sid: string, size: number, page: string | null = null) {
    const list = `${this.#conversation(sid)}/Messages?`;
    const query = page ?? `Order=desc&PageSize=${size}`;
    const { messages, meta } = await orNotFound(this.client.get(list + query, MessagePage));
    return { messages, next: nextPageQuery(meta.next_page_url) };
  }

  /** @throws {NotFoundError} */
  message(sid: string, messageSid: string): Promise<MessageResource> {
    const url = `${this.#conversation(sid)}/Messages/${encodeURIComponent(messageSid)}`;
    return orNotFound(this.client.get(url, MessageResource));
  }

  /** The error code of a message that failed; null without one. @throws {NotFoundError} */
  async failureCode(sid: string, messageSid: string): Promise<number | null> {
    const url = `${this.#conversation(sid)}/Messages/${encodeURIComponent(messageSid)}/Receipts`;
    const { delivery_receipts } = await orNotFound(this.client.get(url, ReceiptPage));
    return delivery_receipts.find(({ error_code }) => error_code !== null)?.error_code ?? null;
  }

  /**
   * Sends a message. It is repeated after 429 only. Without X-Twilio-Webhook-Enabled, so that no event repeats it.
   * @throws {NotFoundError} if the conversation is gone or closed.
   */
  send(sid: string, { author, content, attributes }: MessageForm): Promise<MessageResource> {
    const form =
      'body' in content
        ? { Body: content.body }
        : { ContentSid: content.contentSid, ContentVariables: JSON.stringify(content.variables) };
    return orNotFound(
      this.client.postOnce(
        `${this.#conversation(sid)}/Messages`,
        { Author: author, Attributes: attributes, ...form },
        MessageResource,
      ),
    );
  }

  /** Creates a conversation, or finds the one that an earlier attempt with this name created. */
  async create(form: {
    readonly uniqueName: string;
    readonly friendlyName: string;
    readonly messagingServiceSid: string | null;
  }): Promise<ConversationResource> {
    const fields = {
      UniqueName: form.uniqueName,
      FriendlyName: form.friendlyName,
      ...(form.messagingServiceSid !== null && { MessagingServiceSid: form.messagingServiceSid }),
    };
    try {
      return await this.client.post(`${this.#root}/Conversations`, fields, ConversationResource);
    } catch (error) {
      if (!(error instanceof TwilioApiError && error.code === NAME_TAKEN)) throw error;
      return this.conversation(form.uniqueName);
    }
  }

  /** @returns the participant, or where the pair is in use already */
  async addCustomer(
    sid: string,
    { address, proxyAddress, attributes }: { address: string; proxyAddress: string; attributes: string },
  ): Promise<Participant | PairTaken> {
    const form = {
      'MessagingBinding.Address': address,
      'MessagingBinding.ProxyAddress': proxyAddress,
      Attributes: attributes,
    };
    try {
      return await orNotFound(this.client.post(`${this.#conversation(sid)}/Participants`, form, Participant));
    } catch (error) {
      if (!(error instanceof TwilioApiError && error.code === PAIR_TAKEN)) throw error;
      return { takenBy: /CH[0-9a-f]{32}/i.exec(error.message)?.[0] ?? null };
    }
  }

  /** An identity that already takes part counts as added. @throws {NotFoundError} */
  async addWorker(sid: string, identity: string): Promise<void> {
    const url = `${this.#conversation(sid)}/Participants`;
    await orNotFound(this.client.post(url, { Identity: identity }, Participant)).catch((error: unknown) => {
      if (!(error instanceof TwilioApiError && error.code === ALREADY_THERE)) throw error;
    });
  }

  removeParticipant(sid: string, participantSid: string): Promise<void> {
    return this.client.delete(
      `${this.#conversation(sid)}/Participants/${encodeURIComponent(participantSid)}`,
    );
  }

  /** A chat that is closed already counts as closed. @throws {NotFoundError} */
  async close(sid: string): Promise<void> {
    const closing = this.client.post(this.#conversation(sid), { State: 'closed' }, v.unknown());
    await orNotFound(closing).catch((error: unknown) => {
      if (!(error instanceof ConversationClosedError)) throw error;
    });
  }

  /** Deletes a conversation for good, with its messages. One that is gone already counts as deleted. */
  remove(sid: string): Promise<void> {
    return this.client.delete(this.#conversation(sid));
  }

  /** Sets what a worker has read. A worker who is not there any more has nothing to set. */
  async setRead(identity: string, sid: string, index: number): Promise<void> {
    const url = `${this.#root}/Users/${encodeURIComponent(identity)}/Conversations/${encodeURIComponent(sid)}`;
    await this.client
      .post(url, { LastReadMessageIndex: String(index) }, v.unknown())
      .catch((error: unknown) => {
        if (
          !(error instanceof TwilioApiError && (error.status === 404 || error.code === CONVERSATION_CLOSED))
        )
          throw error;
      });
  }

  /** One page of a worker's conversations, closed ones too, in no order. A worker that Twilio does not know has none. */
  async conversationsOf(identity: string, page: string | null) {
    const list = `${this.#root}/Users/${encodeURIComponent(identity)}/Conversations?`;
    try {
      const { conversations, meta } = await this.client.get(
        list + (page ?? 'PageSize=50'),
        UserConversationPage,
      );
      return { conversations, next: nextPageQuery(meta.next_page_url) };
    } catch (error) {
      if (error instanceof TwilioApiError && error.status === 404) return { conversations: [], next: null };
      throw error;
    }
  }

  /** The active conversations that were created at this day or later, newest first. @param day such as 2026-11-25 */
  async *createdSince(day: string): AsyncGenerator<ConversationResource[]> {
    const list = `${this.#root}/Conversations?`;
    const read = (query: string) => this.client.get(list + query, ConversationPage);
    const first = `State=active&StartDate=${day}&PageSize=100`;
    for await (const { conversations } of pagesOf(read, first, MAX_PAGES)) yield conversations;
  }

  /** The temporary address of a file. @throws {NotFoundError} */
  async mediaAddress(serviceSid: string, mediaSid: string): Promise<string> {
    const record = await orNotFound(this.client.get(this.#media(serviceSid, mediaSid), MediaRecord));
    return record.links.content_direct_temporary;
  }

  /** Deletes a file. Whether Twilio does so is to be looked up, because it documents no way (twilio.md#media). */
  async deleteMedia(serviceSid: string, mediaSid: string): Promise<void> {
    await this.client.delete(this.#media(serviceSid, mediaSid)).catch((error: unknown) => {
      if (!(error instanceof TwilioApiError)) throw error;
    });
  }

  /** Whether Twilio has a file. */
  async hasMedia(serviceSid: string, mediaSid: string): Promise<boolean> {
    try {
      await this.mediaAddress(serviceSid, mediaSid);
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }

  #media(serviceSid: string, mediaSid: string): string {
    const { media } = this.urls;
    return `${media}/v1/Services/${encodeURIComponent(serviceSid)}/Media/${encodeURIComponent(mediaSid)}`;
  }

  #conversation(sid: string): string {
    return `${this.#root}/Conversations/${encodeURIComponent(sid)}`;
  }
}

/** @param mediaUrl the address of Twilio's Media Content Service */
export function openChatApi(request: TwilioRequest, mediaUrl: string, serviceSid: string | null): ChatApi {
  const { conversationsUrl } = request.configuration;
  return new ChatApi(openTwilio(request), { conversations: conversationsUrl, media: mediaUrl }, serviceSid);
}
