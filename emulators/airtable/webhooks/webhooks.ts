import { notFound, tooManyWebhooks } from '../airtable-errors';
import type { Action } from '../change-log';
import { PingSender } from './ping-sender';
import {
  isHookEnabled,
  LIFE_MS,
  newWebhook,
  type Payload,
  payloadOf,
  type Webhook,
  webhookModel,
} from './webhook';

export type WebhookModel = ReturnType<typeof webhookModel>;

/** The errors that disable a webhook for good (airtable.md#webhook-payloads). */
export type ErrorCode = 'INVALID_FILTERS' | 'INVALID_HOOK' | 'INTERNAL_ERROR';

/** A test's controls of the webhooks. Without a named webhook, a control applies to all. */
export interface WebhookControls {
  /** The webhooks as the API lists them. */
  list(): readonly WebhookModel[];
  /** Expires a webhook, as seven days without a listing do. */
  expire(id?: string): void;
  /** Disables notifications, as after thirteen failed retries; payloads still accumulate. */
  disableNotifications(id?: string): void;
  /** Adds an error payload, after which the webhook is dead. */
  injectErrorPayload(code: ErrorCode, id?: string): void;
  /** Loses this many of the next pings; without a number, all of them. 0 ends it. */
  dropPings(count?: number): void;
}

const MAX_WEBHOOKS = 10;

/**
 * The base's webhooks with their payloads and pings (airtable.md#webhooks, airtable.md#webhook-payloads), on the given
 * clock.
 */
export class Webhooks implements WebhookControls {
  readonly #pings: PingSender;
  #webhooks: Webhook[] = [];
  #lastTransaction = 0;

  constructor(
    baseId: string,
    readonly now: () => Date,
    firstRetryMs: number,
  ) {
    this.#pings = new PingSender(baseId, now, firstRetryMs);
  }

  list(): readonly WebhookModel[] {
    return this.#readable().map((webhook) => webhookModel(webhook, this.now()));
  }

  /** @throws AirtableError 404 for an unknown webhook; the real error is not published */
  find(id: string): Webhook {
    const webhook = this.#readable().find((each) => each.id === id);
    if (!webhook) throw notFound();
    return webhook;
  }

  /** @throws AirtableError 422 for the eleventh */
  create(notificationUrl: string | null): Webhook {
    if (this.#readable().length >= MAX_WEBHOOKS) throw tooManyWebhooks();
    const webhook = newWebhook(notificationUrl, this.now());
    this.#webhooks.push(webhook);
    return webhook;
  }

  delete(webhook: Webhook): void {
    this.#webhooks = this.#webhooks.filter((each) => each !== webhook);
    this.setNotifications(webhook, false);
  }

  setNotifications(webhook: Webhook, areEnabled: boolean): void {
    webhook.areNotificationsEnabled = areEnabled;
    if (!areEnabled) this.#pings.cancel(webhook);
  }

  /** A page of payloads. Reading a live webhook extends its life. */
  payloads(webhook: Webhook, cursor: number, limit: number) {
    const now = this.now();
    if (isHookEnabled(webhook, now)) webhook.expiresAt = now.getTime() + LIFE_MS;
    const page = webhook.payloads.filter((each) => each.cursor >= cursor).slice(0, limit);
    const next = (page.at(-1)?.cursor ?? cursor - 1) + 1;
    return {
      cursor: next,
      mightHaveMore: webhook.payloads.some((each) => each.cursor >= next),
      payloads: page.map(({ payload }) => payload),
    };
  }

  /** Stores the action's payload for every live webhook, and pings. */
  publish(action: Action): void {
    this.#lastTransaction = action.baseTransactionNumber;
    for (const webhook of this.#readable()) {
      if (!isHookEnabled(webhook, this.now())) continue;
      this.#store(webhook, payloadOf(action));
      this.#pings.notify(webhook);
    }
  }

  expire(id?: string): void {
    for (const webhook of this.#named(id)) webhook.expiresAt = this.now().getTime();
  }

  disableNotifications(id?: string): void {
    for (const webhook of this.#named(id)) this.setNotifications(webhook, false);
  }

  injectErrorPayload(code: ErrorCode, id?: string): void {
    const timestamp = this.now().toISOString();
    const baseTransactionNumber = this.#lastTransaction;
    for (const webhook of this.#named(id)) {
      this.#store(webhook, { timestamp, baseTransactionNumber, payloadFormat: 'v0', error: true, code });
      webhook.isUsable = false;
    }
  }

  dropPings(count = Number.POSITIVE_INFINITY): void {
    this.#pings.toDrop = count;
  }

  close(): Promise<void> {
    return this.#pings.close();
  }

  #named(id: string | undefined): readonly Webhook[] {
    return id === undefined ? this.#readable() : [this.find(id)];
  }

  /** An expired webhook remains readable for seven days. */
  #readable(): readonly Webhook[] {
    const oldest = this.now().getTime() - LIFE_MS;
    this.#webhooks = this.#webhooks.filter(({ expiresAt }) => expiresAt > oldest);
    for (const webhook of this.#webhooks)
      webhook.payloads = webhook.payloads.filter(({ storedAt }) => storedAt > oldest);
    return this.#webhooks;
  }

  #store(webhook: Webhook, payload: Payload): void {
    webhook.payloads.push({ cursor: webhook.nextCursor, storedAt: this.now().getTime(), payload });
    webhook.nextCursor++;
  }
}
