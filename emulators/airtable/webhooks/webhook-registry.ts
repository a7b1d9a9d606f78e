import { randomBytes } from 'node:crypto';
import type { Action } from '../actions';
import { notFound, tooManyWebhooks, webhookNotActive } from '../airtable-errors';
import type { BaseData } from '../base-model';
import { newId } from '../ids';
import { type Payload, payloadOf } from './payload';
import type { WebhookDraft } from './specification';
import { isHookEnabled, type Webhook } from './webhook';

const DAY_MS = 24 * 60 * 60 * 1000;
const LIFE_MS = 7 * DAY_MS;
const RETENTION_MS = 7 * DAY_MS;
const MOST_WEBHOOKS = 10;

/** The base's webhooks with their payloads (airtable.md#webhooks, airtable.md#webhook-payloads), on the given clock. */
export class WebhookRegistry {
  readonly #base: BaseData;
  readonly #now: () => Date;
  #webhooks: Webhook[] = [];

  constructor(base: BaseData, now: () => Date) {
    this.#base = base;
    this.#now = now;
  }

  /** The readable webhooks; an expired one remains readable for seven days. */
  list(): readonly Webhook[] {
    const now = this.#now().getTime();
    this.#webhooks = this.#webhooks.filter(({ expiresAt }) => now < expiresAt + RETENTION_MS);
    for (const webhook of this.#webhooks)
      webhook.payloads = webhook.payloads.filter(({ storedAt }) => now < storedAt + RETENTION_MS);
    return this.#webhooks;
  }

  /** @throws AirtableError 404 for an unknown webhook; the real error is not published */
  find(id: string): Webhook {
    const webhook = this.list().find((each) => each.id === id);
    if (!webhook) throw notFound();
    return webhook;
  }

  /** @throws AirtableError 422 for the eleventh */
  create({ notificationUrl, specification }: WebhookDraft): Webhook {
    if (this.list().length >= MOST_WEBHOOKS) throw tooManyWebhooks();
    const webhook: Webhook = {
      id: newId('ach'),
      macSecret: randomBytes(64),
      notificationUrl: notificationUrl ?? null,
      specification,
      areNotificationsEnabled: true,
      isUsable: true,
      expiresAt: this.#now().getTime() + LIFE_MS,
      nextCursor: 1,
      payloads: [],
      lastSuccessfulNotificationTime: null,
      lastNotificationResult: null,
    };
    this.#webhooks.push(webhook);
    return webhook;
  }

  delete({ id }: Webhook): void {
    this.#webhooks = this.#webhooks.filter((each) => each.id !== id);
  }

  /** @throws AirtableError 422 for a webhook that expired or is dead; the real error is not published */
  refresh(webhook: Webhook): void {
    if (!isHookEnabled(webhook, this.#now())) throw webhookNotActive(webhook.id);
    this.#extend(webhook);
  }

  /** A page of payloads. Reading a live webhook extends its life. */
  payloads(webhook: Webhook, cursor: number, limit: number) {
    if (isHookEnabled(webhook, this.#now())) this.#extend(webhook);
    const page = webhook.payloads.filter((each) => each.cursor >= cursor).slice(0, limit);
    const next = (page.at(-1)?.cursor ?? cursor - 1) + 1;
    return {
      cursor: next,
      mightHaveMore: webhook.payloads.some((each) => each.cursor >= next),
      payloads: page.map(({ payload }) => payload),
    };
  }

  /** Stores the action's payloads. @returns the webhooks that got one */
  publish(action: Action): readonly Webhook[] {
    const live = this.list().filter((webhook) => isHookEnabled(webhook, this.#now()));
    return live.filter((webhook) => {
      const { recordChangeScope = '' } = webhook.specification.options.filters;
      if (action.changes.destroyedTableIds.has(recordChangeScope)) {
        this.addErrorPayload(webhook, 'INVALID_FILTERS', action.baseTransactionNumber);
        return false;
      }
      const payload = payloadOf(action, webhook.specification, this.#base);
      if (payload) this.#store(webhook, payload);
      return payload !== null;
    });
  }

  /** The webhook is dead from now on. */
  addErrorPayload(webhook: Webhook, code: string, baseTransactionNumber: number): void {
    const timestamp = this.#now().toISOString();
    this.#store(webhook, { timestamp, baseTransactionNumber, payloadFormat: 'v0', error: true, code });
    webhook.isUsable = false;
  }

  #store(webhook: Webhook, payload: Payload): void {
    webhook.payloads.push({ cursor: webhook.nextCursor, storedAt: this.#now().getTime(), payload });
    webhook.nextCursor++;
  }

  #extend(webhook: Webhook): void {
    webhook.expiresAt = this.#now().getTime() + LIFE_MS;
  }
}
