import type { Environment } from '../../lambdas/config';
import { Deadline } from '../../lambdas/http-client/deadline';
import { mediaUrlOf } from '../../lambdas/inbox/inbox-configuration';
import type { CountryCode } from '../../lambdas/phone-number/address';
import { RequestLog } from '../../lambdas/telemetry/request-log';
import { type ChatApi, openChatApi } from '../../lambdas/twilio/chat-api';
import type { MessageResource } from '../../lambdas/twilio/chat-resources';
import type { TwilioRequest } from '../../lambdas/twilio/twilio-client';
import { readSettings } from '../settings/settings';

/** One request with its repeats takes less. */
const CALL_MS = 60_000;

/** Opens Twilio's APIs for one piece of work. */
export interface TwilioChats {
  request(): TwilioRequest & { readonly configuration: { readonly defaultCountry: CountryCode } };
  /** Twilio Conversations, in the account's default service or in another. */
  api(serviceSid: string | null): ChatApi;
}

/** With the credentials of `.env`. @throws {ConfigurationError} naming every setting that is missing or malformed */
export function twilioChats(environment: Environment): TwilioChats {
  const { configuration, accountSid, authToken, twilioApiKey } = readSettings(environment);
  const mediaUrl = mediaUrlOf(environment);
  const request = () => ({
    configuration,
    credentials: { accountSid, authToken, twilioApiKey },
    deadline: Deadline.in(CALL_MS),
    requestLog: new RequestLog(),
  });
  return { request, api: (serviceSid) => openChatApi(request(), mediaUrl, serviceSid) };
}

/** The number of a worker's conversations that are not closed. */
export async function countOpenAt(twilio: TwilioChats, identity: string): Promise<number> {
  let open = 0;
  let page: string | null = null;
  do {
    const { conversations, next }: Awaited<ReturnType<ChatApi['conversationsOf']>> = await twilio
      .api(null)
      .conversationsOf(identity, page);
    open += conversations.filter(({ conversation_state }) => conversation_state !== 'closed').length;
    page = next;
  } while (page !== null);
  return open;
}

const MESSAGES_PER_PAGE = 100;

/** All messages of a conversation, newest first. @throws {NotFoundError} */
export async function* messagesIn(
  sid: string,
  serviceSid: string | null,
  twilio: TwilioChats,
): AsyncGenerator<MessageResource> {
  let page: string | null = null;
  do {
    const found: Awaited<ReturnType<ChatApi['messages']>> = await twilio
      .api(serviceSid)
      .messages(sid, MESSAGES_PER_PAGE, page);
    yield* found.messages;
    page = found.next;
  } while (page !== null);
}
