import * as v from 'valibot';
import { openTwilio, TwilioApiError, type TwilioClient, type TwilioRequest } from './twilio-client';

const Row = v.object({
  conversation_sid: v.string(),
  conversation_state: v.optional(v.nullable(v.string()), null),
});

const Page = v.object({
  conversations: v.array(Row),
  meta: v.optional(v.object({ next_page_url: v.optional(v.nullable(v.string()), null) })),
});

/** Fifty rows each; an address has one open conversation per number of the team, and any number of closed ones. */
const MOST_PAGES = 10;

/** A conversation in which an address takes part. */
export interface ConversationAt {
  readonly sid: string;
  /** Such as `active` or `closed`; null where Twilio does not say. */
  readonly state: string | null;
}

/** Twilio's list of the conversations in which an address takes part (twilio.md#rest-requests). */
export class ParticipantConversations {
  readonly #path: string;

  /** @param serviceSid null: the account's default conversation service */
  constructor(
    private readonly client: TwilioClient,
    apiUrl: string,
    serviceSid: string | null = null,
  ) {
    const service = serviceSid === null ? '' : `/Services/${encodeURIComponent(serviceSid)}`;
    this.#path = `${apiUrl}/v1${service}/ParticipantConversations`;
  }

  /** The SIDs of the conversations with an address, as Twilio writes it, that are not closed. */
  async openAt(address: string): Promise<string[]> {
    const found = await this.at(address, MOST_PAGES);
    return found.flatMap(({ sid, state }) => (state === 'closed' ? [] : sid));
  }

  /** The conversations with an address, closed ones too. */
  async at(address: string, mostPages = Number.POSITIVE_INFINITY): Promise<ConversationAt[]> {
    const found: ConversationAt[] = [];
    let url: string | null = `${this.#path}?Address=${encodeURIComponent(address)}&PageSize=50`;
    for (let page = 0; url !== null && page < mostPages; page += 1) {
      const { conversations, meta }: v.InferOutput<typeof Page> = await this.#page(url);
      found.push(
        ...conversations.map((row) => ({ sid: row.conversation_sid, state: row.conversation_state })),
      );
      const next: string | null = meta?.next_page_url ?? null;
      // Credentials are sent to the API's own address only.
      url = next?.startsWith(`${this.#path}?`) ? next : null;
    }
    return found;
  }

  async #page(url: string): Promise<v.InferOutput<typeof Page>> {
    try {
      return await this.client.get(url, Page);
    } catch (error) {
      // Twilio has never seen the address, or does not accept it.
      if (error instanceof TwilioApiError && (error.status === 404 || error.status === 400)) {
        return { conversations: [] };
      }
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
