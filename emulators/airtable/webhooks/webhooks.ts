import type { Action } from '../actions';
import type { BaseData } from '../base-model';
import { PingSender } from './ping-sender';
import type { Scheduler } from './scheduler';
import { type Webhook, webhookModel } from './webhook';
import { WebhookRegistry } from './webhook-registry';

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
  /** From now on, pings are held until `flush`, which sends one for all changes. False ends it. */
  coalescePings(isOn?: boolean): void;
  /** From now on, each ping is sent this many times. 1 ends it. */
  repeatPings(times: number): void;
  /** Loses this many of the next pings; without a number, all of them. 0 ends it. */
  dropPings(count?: number): void;
  /** Sends a ping without a change. */
  spuriousPing(id?: string): void;
  /** Webhooks with a ping that is held, being sent, or waiting for a retry. */
  readonly pendingPings: number;
  /** Sends the held pings and resolves when none is being sent. Retries keep their schedule. */
  flush(): Promise<void>;
}

/** The webhooks of the emulator: payloads and pings, and a test's controls of both. */
export class Webhooks implements WebhookControls {
  readonly registry: WebhookRegistry;
  readonly #pings: PingSender;
  readonly #now: () => Date;
  #lastTransaction = 0;

  constructor(base: BaseData, now: () => Date, scheduler: Scheduler) {
    this.registry = new WebhookRegistry(base, now);
    this.#pings = new PingSender(base.id, now, scheduler);
    this.#now = now;
  }

  get pendingPings(): number {
    return this.#pings.pending;
  }

  publish(action: Action): void {
    this.#lastTransaction = action.baseTransactionNumber;
    for (const webhook of this.registry.publish(action)) this.#pings.notify(webhook);
  }

  delete(webhook: Webhook): void {
    this.registry.delete(webhook);
    webhook.areNotificationsEnabled = false;
    this.#pings.cancel(webhook);
  }

  setNotifications(webhook: Webhook, areEnabled: boolean): void {
    webhook.areNotificationsEnabled = areEnabled;
    if (!areEnabled) this.#pings.cancel(webhook);
  }

  list(): readonly WebhookModel[] {
    return this.registry.list().map((webhook) => webhookModel(webhook, this.#now()));
  }

  expire(id?: string): void {
    for (const webhook of this.#named(id)) webhook.expiresAt = this.#now().getTime();
  }

  disableNotifications(id?: string): void {
    for (const webhook of this.#named(id)) this.setNotifications(webhook, false);
  }

  injectErrorPayload(code: ErrorCode, id?: string): void {
    for (const webhook of this.#named(id))
      this.registry.addErrorPayload(webhook, code, this.#lastTransaction);
  }

  coalescePings(isOn = true): void {
    this.#pings.isHolding = isOn;
  }

  repeatPings(times: number): void {
    this.#pings.copies = times;
  }

  dropPings(count = Number.POSITIVE_INFINITY): void {
    this.#pings.toDrop = count;
  }

  spuriousPing(id?: string): void {
    for (const webhook of this.#named(id)) this.#pings.notify(webhook);
  }

  flush(): Promise<void> {
    return this.#pings.flush();
  }

  close(): Promise<void> {
    return this.#pings.close();
  }

  #named(id: string | undefined): readonly Webhook[] {
    return id === undefined ? this.registry.list() : [this.registry.find(id)];
  }
}
