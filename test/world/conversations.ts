import type { Conversation, ConversationDraft } from '../../emulators/twilio/conversation';
import { handler as routing } from '../../lambdas/routing';
import { handler as twilioConversations } from '../../lambdas/twilio-conversations';
import { ACCOUNT_SID, type Answer, AUTH_TOKEN, SMS_NUMBER, WHATSAPP_NUMBER, type World } from './world';

type Parameters = Readonly<Record<string, string>>;

/** Our number that a customer with this address writes to. */
export function proxyAddressFor(address: string): string {
  return address.startsWith('whatsapp:') ? `whatsapp:${WHATSAPP_NUMBER}` : SMS_NUMBER;
}

/** A conversation with customers in it and no worker yet, as autocreation leaves it. */
export function conversationWith(
  world: World,
  addresses: readonly string[],
  draft: ConversationDraft = {},
): Conversation {
  return world.twilio.createConversation({
    ...draft,
    participants: addresses.map((address) => ({ address, proxyAddress: proxyAddressFor(address) })),
  });
}

/** Frontline's routing callback; parameters extend or override the usual ones. */
export function askForWorker(
  world: World,
  { sid, state }: Pick<Conversation, 'sid' | 'state'>,
  address: string,
  parameters: Parameters = {},
): Promise<Answer> {
  const usual = {
    ConversationSid: sid,
    ConversationServiceSid: world.twilio.conversationServiceSid,
    'MessagingBinding.Address': address,
    'MessagingBinding.ProxyAddress': proxyAddressFor(address),
    Attributes: '{}',
    State: state,
  };
  return world.ask(routing, { ...usual, ...parameters }, { path: '/callbacks/routing' });
}

/** An event callback of Twilio Conversations, with the parameters of every event (twilio.md#webhook-parameters). */
export function tellOf(world: World, event: string, parameters: Parameters = {}): Promise<Answer> {
  const usual = {
    AccountSid: ACCOUNT_SID,
    EventType: event,
    Source: 'SMS',
    ChatServiceSid: world.twilio.conversationServiceSid,
  };
  return world.ask(
    twilioConversations,
    { ...usual, ...parameters },
    { path: '/callbacks/twilio-conversations' },
  );
}

/** The identities of the workers in a conversation. */
export function workersIn(world: World, { sid }: Conversation): string[] {
  return world.twilio.participants(sid).flatMap(({ identity }) => identity ?? []);
}

/**
 * Changes a resource at Twilio over REST, without the service's knowledge.
 * @param path below `/v1`
 * @param firesEvents sends the header with which Twilio tells the service
 */
export async function changeAtTwilio(
  world: World,
  method: 'POST' | 'DELETE',
  path: string,
  form: Parameters = {},
  firesEvents = false,
): Promise<void> {
  const { ok, status } = await fetch(`${world.twilio.url}/v1${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`,
      ...(firesEvents && { 'x-twilio-webhook-enabled': 'true' }),
    },
    ...(method === 'POST' && { body: new URLSearchParams(form) }),
  });
  if (!ok) throw new Error(`Twilio answers ${status} to ${method} ${path}`);
}
