import type { Actions } from './actions';
import type { Origin } from './events';
import { TwilioError, twilioError } from './twilio-errors';
import type { SentWebhook } from './webhook-sender';

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

/** Sends a message as the worker's app does, by SDK (twilio.md#webhook-parameters, twilio.md#participants). */
export async function sendAsAppUser(
  actions: Actions,
  { conversationSid, identity, body }: WorkerMessage,
): Promise<SentMessage> {
  const origin: Origin = { source: 'SDK', clientIdentity: identity, firesEvents: true, sent: [] };
  const outcome = { webhooks: origin.sent };
  try {
    const conversation = actions.store.get(conversationSid);
    const participants = actions.store.participants(conversation.sid);
    const worker = participants.find((participant) => participant.identity === identity);
    if (worker === undefined) throw twilioError('notAMember');
    const draft = { author: identity, body, participantSid: worker.sid };
    const { sid } = await actions.addMessage(conversation.sid, draft, origin);
    return { ...outcome, accepted: true, messageSid: sid };
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    return { ...outcome, accepted: false, messageSid: null, error };
  }
}
