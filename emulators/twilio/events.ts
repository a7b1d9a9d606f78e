import * as v from 'valibot';
import type { WebhookSettings } from './account-configuration';
import type { Conversation, MessagingBinding } from './conversation';
import { bindingParameters, datesOf, present } from './event-parameters';
import { refusal } from './twilio-errors';
import type { SentWebhook, WebhookParameters, WebhookSender } from './webhook-sender';

/** Frontline's routing callback, which no API knows, and Twilio's patience. */
interface CallbackDelivery {
  readonly routingUrl?: string | undefined;
  /** How long Twilio waits for an answer to an event, in milliseconds. @default 5000 */
  readonly eventTimeoutMs?: number | undefined;
  /** How long Twilio waits for an answer to the routing callback, in milliseconds. @default 10000 */
  readonly routingTimeoutMs?: number | undefined;
}

/** Who caused a change, and whether it makes events: what REST does makes none, unless the call asks for them. */
export interface Origin {
  readonly source: 'API' | 'SDK' | 'SMS' | 'WHATSAPP';
  /** The app's user; marks what a worker did (twilio.md#webhook-parameters). */
  readonly clientIdentity?: string;
  readonly firesEvents: boolean;
  /** Collects the callbacks that the change led to. */
  readonly sent: SentWebhook[];
}

/** Tells the service what is about to happen and what happened (twilio.md#webhook-semantics, twilio.md#webhook-parameters). */
export class Events {
  #delivery: CallbackDelivery = {};

  /** @param webhooks those in force at the moment: they can be changed by REST. */
  constructor(
    readonly sender: WebhookSender,
    readonly accountSid: string,
    readonly conversationServiceSid: string,
    readonly webhooks: () => WebhookSettings,
  ) {}

  deliver(delivery: CallbackDelivery): void {
    this.#delivery = delivery;
  }

  /**
   * Asks before something happens. The service may change it, by the fields that the schema names; no answer in
   * time, or none that can be read, changes nothing.
   * @throws {TwilioError} when the service rejects it (any 4xx or 5xx), or names a value of the wrong type.
   */
  async before<Changes extends object>(
    event: string,
    origin: Origin,
    parameters: WebhookParameters,
    modifiable: v.GenericSchema<unknown, Changes>,
  ): Promise<Changes> {
    const answer = await this.#send(this.webhooks().preUrl, event, origin, parameters);
    if (answer?.status != null && answer.status >= 400) throw refusal('rejectedByWebhook');
    const changes = v.safeParse(modifiable, answer?.status === 200 ? jsonObjectIn(answer.body) : {});
    if (changes.success) return changes.output;
    const field = changes.issues.map((issue) => v.getDotPath(issue)).join(', ');
    throw refusal('webhookFailed', `The answer to ${event} has a value that is no string: ${field}`);
  }

  /** Tells what happened. Nothing that the service answers undoes it. */
  async after(event: string, origin: Origin, parameters: WebhookParameters): Promise<void> {
    await this.#send(this.webhooks().postUrl, event, origin, { ...parameters, RetryCount: '0' });
  }

  /**
   * Frontline's routing callback (twilio.md#custom-routing).
   * @returns whether the service answered 2xx in time; true as well when no URL is configured ("Do not route").
   */
  async route(conversation: Conversation, binding: MessagingBinding, origin: Origin): Promise<boolean> {
    const { routingUrl, routingTimeoutMs = 10_000 } = this.#delivery;
    if (routingUrl === undefined || !origin.firesEvents) return true;
    const parameters = present({
      ConversationSid: conversation.sid,
      ...bindingParameters(binding),
      FriendlyName: conversation.friendlyName,
      UniqueName: conversation.uniqueName,
      Attributes: conversation.attributes,
      ConversationServiceSid: this.conversationServiceSid,
      State: conversation.state,
      ...datesOf(conversation),
    });
    const callback = { url: routingUrl, method: 'POST', event: 'routing' } as const;
    const sent = await this.sender.send(callback, parameters, routingTimeoutMs);
    origin.sent.push(sent);
    return sent.status !== null && sent.status >= 200 && sent.status < 300;
  }

  async #send(
    url: string | null,
    event: string,
    origin: Origin,
    parameters: WebhookParameters,
  ): Promise<SentWebhook | null> {
    const { filters, method } = this.webhooks();
    const { eventTimeoutMs = 5_000 } = this.#delivery;
    if (url === null || !origin.firesEvents || !filters.includes(event)) return null;
    const everyEvent = present({
      AccountSid: this.accountSid,
      EventType: event,
      Source: origin.source,
      ClientIdentity: origin.clientIdentity,
      ChatServiceSid: this.conversationServiceSid,
    });
    const callback = { url, method, event };
    const sent = await this.sender.send(callback, { ...everyEvent, ...parameters }, eventTimeoutMs);
    origin.sent.push(sent);
    return sent;
  }
}

function jsonObjectIn(body: string): object {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
