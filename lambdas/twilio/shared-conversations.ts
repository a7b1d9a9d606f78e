import type { Customer } from '../customers/customer';
import { NotFoundError } from '../errors';
import { type AddressKey, parseAddress, spellingsOf } from '../phone-number/address';
import { openConversation } from './conversation';
import { openParticipantConversations } from './participant-conversations';
import type { TwilioRequest } from './twilio-client';

/** Twilio throttles by concurrent requests; a customer has few open conversations. */
const AT_ONCE = 4;

/**
 * Whether a worker takes part in an open conversation with one of the customer's addresses.
 * @param conversationSid the conversation that the worker looks at, if Frontline sends it; it is checked first
 */
export async function talksWith(
  worker: string,
  { addressKeys }: Pick<Customer, 'addressKeys'>,
  conversationSid: string | null,
  request: TwilioRequest,
): Promise<boolean> {
  if (addressKeys.length === 0) return false;
  if (conversationSid !== null && (await isWithin(conversationSid, worker, addressKeys, request)))
    return true;
  const atTwilio = openParticipantConversations(request);
  const texts = [...new Set(addressKeys.flatMap(spellingsOf))];
  const sids = new Set((await mapAtOnce(texts, (text) => atTwilio.openAt(text))).flat());
  const others = [...sids].filter((sid) => sid !== conversationSid);
  const found = await mapAtOnce(others, async (sid) => {
    const workers = await openConversation(request, sid, null).workers().catch(noneIfGone);
    return workers.includes(worker);
  });
  return found.includes(true);
}

async function isWithin(
  conversationSid: string,
  worker: string,
  addressKeys: readonly AddressKey[],
  request: TwilioRequest,
): Promise<boolean> {
  const conversation = openConversation(request, conversationSid, null);
  try {
    const [{ state }, participants] = await Promise.all([conversation.read(), conversation.participants()]);
    const keys = participants.map((each) => parseAddress(each.messaging_binding?.address ?? '')?.key);
    return (
      state !== 'closed' &&
      participants.some(({ identity }) => identity === worker) &&
      keys.some((key) => key !== undefined && addressKeys.includes(key))
    );
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

function noneIfGone(error: unknown): string[] {
  if (error instanceof NotFoundError) return [];
  throw error;
}

async function mapAtOnce<T, U>(all: readonly T[], work: (each: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (let start = 0; start < all.length; start += AT_ONCE) {
    results.push(...(await Promise.all(all.slice(start, start + AT_ONCE).map(work))));
  }
  return results;
}
