import * as v from 'valibot';
import type { WebhookSettings } from './account-configuration';
import type { Conversation, MessagingBinding, Receipt } from './conversation';
import { bindingParameters, datesOf, present, receiptParameters } from './event-parameters';
import { twilioError } from './twilio-errors';
import { WebhookFaultPlan } from './twilio-faults';
import type { SentWebhook, WebhookParameters, WebhookSender } from './webhook-sender';

/** Frontline's routing callback, which no API exposes, and Twilio's timeouts. */
interface CallbackDelivery {
  readonly routingUrl?: string | undefined;
  /** Response timeout of an event, in milliseconds. @default 5000 */
  readonly eventTimeoutMs?: number | undefined;
  /** Response timeout of the routing callback, in milliseconds. @default 10000 */
  readonly routingTimeoutMs?: number | undefined;
}

/** The origin of a change, and whether it fires events: REST fires none unless the call requests them. */
export interface Origin {
  /** Absent for receipts. */
  readonly source?: 'API' | 'SDK' | 'SMS' | 'WHATSAPP' | 'TIMER';
  /** The app's user; marks a worker's actions (twilio.md#webhook-parameters). */
  readonly clientIdentity?: string;
  readonly firesEvents: boolean;
  /** Collects the callbacks that the change caused. */
  readonly sent: SentWebhook[];
}

/** Sends pre and post events to the service (twilio.md#webhook-semantics, twilio.md#webhook-parameters). */
export class Events {
  readonly faults = new WebhookFaultPlan();
  #delivery: CallbackDelivery = {};

  /** @param webhooks reads those currently in force, because REST can change them. */
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
   * Sends a pre event. The service may change the fields that the schema names; without a response in
   * time, or with an unreadable one, nothing changes.
   * @throws {TwilioError} when the service rejects it (any 4xx or 5xx), or names a value of the wrong type.
   */
  async before<Changes extends object>(
    event: string,
    origin: Origin,
    parameters: WebhookParameters,
    modifiable: v.GenericSchema<unknown, Changes>,
  ): Promise<Changes> {
    const { preUrl } = this.webhooks();
    const response = this.#isSent(preUrl, event, origin)
      ? await this.#send(preUrl, event, origin, parameters)
      : null;
    if (response?.status != null && response.status >= 400) throw twilioError('rejectedByWebhook');
    const changes = v.safeParse(modifiable, response?.status === 200 ? jsonObjectIn(response.body) : {});
    if (changes.success) return changes.output;
    const field = changes.issues.map((issue) => v.getDotPath(issue)).join(', ');
    throw twilioError('webhookFailed', `The response to ${event} has a value that is not a string: ${field}`);
  }

  /** Sends a post event. No response of the service undoes the change. */
  async after(event: string, origin: Origin, parameters: WebhookParameters): Promise<void> {
    const { postUrl } = this.webhooks();
    if (!this.#isSent(postUrl, event, origin)) return;
    const send = () => this.#send(postUrl, event, origin, { ...parameters, RetryCount: '0' });
    await this.faults.deliver(event, parameters, send);
  }

  /** Sends the post event of a receipt, which comes for REST messages too and names no source. */
  async deliveryUpdated(receipt: Receipt): Promise<void> {
    await this.after('onDeliveryUpdated', { firesEvents: true, sent: [] }, receiptParameters(receipt));
  }

  /**
   * Frontline's routing callback (twilio.md#custom-routing).
   * @returns whether the service returned 2xx in time; true as well when no URL is configured ("Do not route").
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

  #isSent(url: string | null, event: string, origin: Origin): url is string {
    return url !== null && origin.firesEvents && this.webhooks().filters.includes(event);
  }

  async #send(
    url: string,
    event: string,
    origin: Origin,
    parameters: WebhookParameters,
  ): Promise<SentWebhook> {
    const { method } = this.webhooks();
    const { eventTimeoutMs = 5_000 } = this.#delivery;
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
