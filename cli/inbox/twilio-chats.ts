import type { Environment } from '../../lambdas/config';
import { Deadline } from '../../lambdas/http-client/deadline';
import { mediaUrlOf } from '../../lambdas/inbox/inbox-configuration';
import type { CountryCode } from '../../lambdas/phone-number/address';
import { RequestLog } from '../../lambdas/telemetry/request-log';
import { type ChatApi, openChatApi } from '../../lambdas/twilio/chat-api';
import type { MessageResource } from '../../lambdas/twilio/chat-resources';
import { followPages } from '../../lambdas/twilio/paging';
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
  for await (const { conversations } of followPages((page) =>
    twilio.api(null).conversationsOf(identity, page),
  )) {
    open += conversations.filter(({ conversation_state }) => conversation_state !== 'closed').length;
  }
  return open;
}

const MESSAGES_PER_PAGE = 100;

/** All messages of a conversation, newest first. @throws {NotFoundError} */
export async function* messagesIn(
  sid: string,
  serviceSid: string | null,
  twilio: TwilioChats,
): AsyncGenerator<MessageResource> {
  const pages = followPages((page) => twilio.api(serviceSid).messages(sid, MESSAGES_PER_PAGE, page));
  for await (const { messages } of pages) yield* messages;
}
