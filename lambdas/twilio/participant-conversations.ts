import * as v from 'valibot';
import { conversationsRoot } from './conversation-requests';
import { PageMeta, pagesOf } from './paging';
import { openTwilio, TwilioApiError, type TwilioClient, type TwilioRequest } from './twilio-client';

const Row = v.object({
  conversation_sid: v.string(),
  conversation_state: v.optional(v.nullable(v.string()), null),
});

const Page = v.object({
  conversations: v.array(Row),
  meta: PageMeta,
});

const NONE: v.InferOutput<typeof Page> = { conversations: [], meta: { next_page_url: null } };

/** Fifty rows each; an address has one open conversation per number of the team, and any number of closed ones. */
const MAX_PAGES = 10;

/** A conversation in which an address takes part. */
export interface ConversationAt {
  readonly sid: string;
  /** Such as `active` or `closed`; null where Twilio does not say. */
  readonly state: string | null;
}

/** Twilio's list of the conversations in which an address takes part (twilio.md#rest-requests). */
export class ParticipantConversations {
  readonly #list: string;

  /** @param serviceSid null: the account's default conversation service */
  constructor(
    private readonly client: TwilioClient,
    apiUrl: string,
    serviceSid: string | null = null,
  ) {
    this.#list = `${conversationsRoot(apiUrl, serviceSid)}/ParticipantConversations?`;
  }

  /** The SIDs of the conversations with an address, as Twilio writes it, that are not closed. */
  async openAt(address: string): Promise<string[]> {
    const found = await this.at(address, MAX_PAGES);
    return found.flatMap(({ sid, state }) => (state === 'closed' ? [] : sid));
  }

  /** The conversations with an address, closed ones too. */
  async at(address: string, mostPages = Number.POSITIVE_INFINITY): Promise<ConversationAt[]> {
    const found: ConversationAt[] = [];
    const first = `Address=${encodeURIComponent(address)}&PageSize=50`;
    for await (const { conversations } of pagesOf((query) => this.#page(query), first, mostPages)) {
      found.push(
        ...conversations.map((row) => ({ sid: row.conversation_sid, state: row.conversation_state })),
      );
    }
    return found;
  }

  async #page(query: string): Promise<v.InferOutput<typeof Page>> {
    try {
      return await this.client.get(this.#list + query, Page);
    } catch (error) {
      // Twilio has never seen the address, or does not accept it.
      if (error instanceof TwilioApiError && (error.status === 404 || error.status === 400)) return NONE;
      throw error;
    }
  }
}

export function openParticipantConversations(
  request: TwilioRequest,
  serviceSid: string | null = null,
): ParticipantConversations {
  return new ParticipantConversations(
    openTwilio(request),
    request.configuration.conversationsUrl,
    serviceSid,
  );
}
