import { NotFoundError } from '../../../lambdas/errors';
import { chatSidsAt } from '../../../lambdas/inbox/store/chats-at-address';
import { type Address, parseAddress, spellingsOf } from '../../../lambdas/phone-number/address';
import { openParticipantConversations } from '../../../lambdas/twilio/participant-conversations';
import type { InboxData } from '../deployed-inbox';
import { messagesIn, type TwilioChats } from '../twilio-chats';

/** A conversation with an address, at Twilio or only here. */
export interface FoundChat {
  readonly sid: string;
  readonly serviceSid: string | null;
  /** Null if Twilio does not have it any more, because an earlier attempt ended half way. */
  readonly atTwilio: {
    readonly isClosed: boolean;
    /** ISO 8601. */
    readonly createdAt: string;
    /** Whether other customers take part, or did and wrote. */
    readonly isGroup: boolean;
  } | null;
}

/** The conversations that have an address in any spelling, by Twilio's lists and by the inbox's index. */
export async function findChats(
  { key }: Address,
  { chats, table }: Pick<InboxData, 'chats' | 'table'>,
  twilio: TwilioChats,
): Promise<readonly FoundChat[]> {
  const services = new Map<string, string | null>();
  for (const sid of await chatSidsAt(table, key)) {
    services.set(sid, (await chats.chat(sid))?.serviceSid ?? null);
  }
  // A list is of one conversation service: the account's default one, and those of the chats that the index knows.
  for (const service of new Set([null, ...services.values()])) {
    for (const spelling of spellingsOf(key)) {
      const listed = await openParticipantConversations(twilio.request(), service).at(spelling);
      for (const { sid } of listed) if (!services.has(sid)) services.set(sid, service);
    }
  }
  const found: FoundChat[] = [];
  for (const [sid, serviceSid] of services) found.push(await readChat(sid, serviceSid, key, twilio));
  return found;
}

async function readChat(
  sid: string,
  serviceSid: string | null,
  key: Address['key'],
  twilio: TwilioChats,
): Promise<FoundChat> {
  const api = twilio.api(serviceSid);
  try {
    const conversation = await api.conversation(sid);
    const participants = await api.participants(sid);
    const bindings = participants.flatMap(({ messaging_binding }) => messaging_binding ?? []);
    const isGroup =
      bindings.some(({ address }) => Boolean(address) && parseAddress(address ?? '')?.key !== key) ||
      (await hasOtherAuthor(sid, serviceSid, [key, ...bindings.flatMap(proxyKeyOf)], twilio));
    return {
      sid,
      serviceSid: conversation.chat_service_sid ?? serviceSid,
      atTwilio: {
        isClosed: conversation.state === 'closed',
        createdAt: conversation.date_created,
        isGroup,
      },
    };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return { sid, serviceSid, atTwilio: null };
  }
}

/** Whether a customer with none of these addresses wrote in a conversation, which they may have left. */
async function hasOtherAuthor(
  sid: string,
  serviceSid: string | null,
  known: readonly Address['key'][],
  twilio: TwilioChats,
): Promise<boolean> {
  for await (const { author } of messagesIn(sid, serviceSid, twilio)) {
    const address = parseAddress(author);
    if (address !== null && !known.includes(address.key)) return true;
  }
  return false;
}

/** The address of our number that a participant writes to. */
function proxyKeyOf({ proxy_address }: { readonly proxy_address?: string | null }): Address['key'][] {
  const address = parseAddress(proxy_address ?? '');
  return address === null ? [] : [address.key];
}
