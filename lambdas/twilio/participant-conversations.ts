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

/** Twilio's list of the conversations in which an address takes part (twilio.md#rest-requests). */
export class ParticipantConversations {
  constructor(
    private readonly client: TwilioClient,
    private readonly apiUrl: string,
  ) {}

  /** The SIDs of the conversations with an address, as Twilio writes it, that are not closed. */
  async openAt(address: string): Promise<string[]> {
    const path = `${this.apiUrl}/v1/ParticipantConversations`;
    const open: string[] = [];
    let url: string | null = `${path}?Address=${encodeURIComponent(address)}&PageSize=50`;
    for (let page = 0; url !== null && page < MOST_PAGES; page += 1) {
      const { conversations, meta }: v.InferOutput<typeof Page> = await this.#page(url);
      open.push(
        ...conversations.flatMap(({ conversation_sid, conversation_state }) =>
          conversation_state === 'closed' ? [] : conversation_sid,
        ),
      );
      const next: string | null = meta?.next_page_url ?? null;
      // Credentials are sent to the API's own address only.
      url = next?.startsWith(`${path}?`) ? next : null;
    }
    return open;
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

export function openParticipantConversations(request: TwilioRequest): ParticipantConversations {
  return new ParticipantConversations(openTwilio(request), request.configuration.conversationsUrl);
}
