import * as v from 'valibot';
import { NotFoundError, type UpstreamError } from '../errors';
import type { RetryPolicy } from '../http-client/retry';
import { CONVERSATION_CLOSED } from './error-codes';
import { PageMeta, pagesOf } from './paging';
import { TwilioApiError, type TwilioClient } from './twilio-client';

/**
 * The address below which Twilio's resources of conversations are.
 * @param serviceSid null: the account's default conversation service
 */
export function conversationsRoot(apiUrl: string, serviceSid: string | null): string {
  const service = serviceSid === null ? '' : `/Services/${encodeURIComponent(serviceSid)}`;
  return `${apiUrl}/v1${service}`;
}

const text = v.optional(v.nullable(v.string()), null);

/** A worker, who has an identity, or a customer, who has a binding (twilio.md#participants). */
export const Participant = v.object({
  sid: v.string(),
  identity: text,
  attributes: v.optional(v.nullable(v.string()), '{}'),
  messaging_binding: v.optional(v.nullable(v.object({ address: text, proxy_address: text })), null),
});
export type Participant = v.InferOutput<typeof Participant>;

const ParticipantPage = v.object({ participants: v.array(Participant), meta: PageMeta });

/** A hundred participants each; Twilio allows a thousand in a conversation. */
const MAX_PAGES = 10;

/** All participants: of a hundred workers, the customer may be on the second page. @throws {NotFoundError} */
export async function listParticipants(
  client: TwilioClient,
  conversationUrl: string,
  policy?: RetryPolicy,
): Promise<Participant[]> {
  const list = `${conversationUrl}/Participants?`;
  const all: Participant[] = [];
  const read = (query: string) => orNotFound(client.get(list + query, ParticipantPage, policy));
  for await (const { participants } of pagesOf(read, 'PageSize=100', MAX_PAGES)) all.push(...participants);
  return all;
}

/** The conversation is closed, which is final. */
export class ConversationClosedError extends NotFoundError {
  constructor(cause: UpstreamError) {
    super('The conversation is closed', { cause });
  }
}

/**
 * The result of a request about a conversation.
 * @throws {NotFoundError} if the conversation, or the part of it, is gone
 * @throws {ConversationClosedError}
 */
export async function orNotFound<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof TwilioApiError)) throw error;
    if (error.code === CONVERSATION_CLOSED) throw new ConversationClosedError(error);
    if (error.status !== 404) throw error;
    throw new NotFoundError('The conversation, or the part of it, is gone', { cause: error });
  }
}
