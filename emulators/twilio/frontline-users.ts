import type { Actions } from './actions';
import type { Origin } from './events';
import { sidFor } from './sids';
import { TwilioError, twilioError } from './twilio-errors';
import type { SentWebhook } from './webhook-sender';

/** An app user as Frontline knows it (twilio.md#rest-requests, last row). */
export interface FrontlineUser {
  readonly sid: string;
  /** The SSO user name; case-sensitive. */
  readonly identity: string;
  readonly friendlyName: string;
  readonly avatar: string | null;
  readonly state: 'active' | 'deactivated';
  /** False stops new conversations under pool routing; a new user starts with false. */
  readonly isAvailable: boolean;
}

export type FrontlineUserFields = {
  readonly [Field in 'friendlyName' | 'avatar' | 'state' | 'isAvailable']?: FrontlineUser[Field] | undefined;
};

/** The users who have logged in to Frontline at least once. */
export class FrontlineUsers {
  readonly #users = new Map<string, FrontlineUser>();

  find(sidOrIdentity: string): FrontlineUser | undefined {
    return (
      this.#users.get(sidOrIdentity) ?? [...this.#users.values()].find(({ sid }) => sid === sidOrIdentity)
    );
  }

  /** Adds a user, or changes the given fields. */
  set(identity: string, fields: FrontlineUserFields): FrontlineUser {
    const known = this.#users.get(identity);
    const user: FrontlineUser = {
      sid: sidFor('US', identity),
      identity,
      friendlyName: fields.friendlyName ?? known?.friendlyName ?? identity,
      avatar: fields.avatar ?? known?.avatar ?? null,
      state: fields.state ?? known?.state ?? 'active',
      isAvailable: fields.isAvailable ?? known?.isAvailable ?? false,
    };
    this.#users.set(identity, user);
    return user;
  }
}

export interface WorkerMessage {
  readonly conversationSid: string;
  /** The identity of the worker who is logged in to the app. */
  readonly identity: string;
  readonly body: string;
}

export interface SentMessage {
  readonly accepted: boolean;
  readonly messageSid: string | null;
  readonly webhooks: readonly SentWebhook[];
  /** Why Twilio rejected the message. */
  readonly error?: TwilioError;
}

/** A conversation that a worker starts in the app, with a customer's address and the proxy address of the service. */
export interface WorkerConversation {
  readonly identity: string;
  readonly address: string;
  readonly proxyAddress: string;
  /** The customer's name. */
  readonly friendlyName: string;
  readonly body: string;
}

/** Sends a message as the worker's app does, by SDK (twilio.md#webhook-parameters, twilio.md#participants). */
export function sendAsAppUser(
  actions: Actions,
  { conversationSid, identity, body }: WorkerMessage,
): Promise<SentMessage> {
  return actAs(identity, async (origin) => {
    const conversation = actions.store.get(conversationSid);
    const participants = actions.store.participants(conversation.sid);
    const worker = participants.find((participant) => participant.identity === identity);
    if (worker === undefined) throw twilioError('notAMember');
    const draft = { author: identity, body, participantSid: worker.sid };
    return actions.addMessage(conversation.sid, draft, origin);
  });
}

/** Starts a conversation with its first message, as the worker's app does (twilio.md#outgoing-conversations). */
export async function startAsAppUser(
  actions: Actions,
  { identity, address, proxyAddress, friendlyName, body }: WorkerConversation,
): Promise<SentMessage & { readonly conversationSid: string | null }> {
  let conversationSid: string | null = null;
  const sent = await actAs(identity, async (origin) => {
    const { sid } = await actions.createConversation({ friendlyName }, origin);
    conversationSid = sid;
    const { sid: participantSid } = await actions.addParticipant(sid, { identity }, origin);
    await actions.addParticipant(sid, { address, proxyAddress }, origin);
    return actions.addMessage(sid, { author: identity, body, participantSid }, origin);
  });
  return { ...sent, conversationSid };
}

async function actAs(
  identity: string,
  act: (origin: Origin) => Promise<{ readonly sid: string }>,
): Promise<SentMessage> {
  const origin: Origin = { source: 'SDK', clientIdentity: identity, firesEvents: true, sent: [] };
  const outcome = { webhooks: origin.sent };
  try {
    const { sid } = await act(origin);
    return { ...outcome, accepted: true, messageSid: sid };
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    return { ...outcome, accepted: false, messageSid: null, error };
  }
}
