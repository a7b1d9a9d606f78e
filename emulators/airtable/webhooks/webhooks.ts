import type { Action } from '../actions';
import type { BaseData } from '../base-model';
import { PingSender } from './ping-sender';
import type { Scheduler } from './scheduler';
import { type Webhook, webhookModel } from './webhook';
import { WebhookRegistry } from './webhook-registry';

export type WebhookModel = ReturnType<typeof webhookModel>;

/** What makes a webhook dead (airtable.md#webhook-payloads). */
export type ErrorCode = 'INVALID_FILTERS' | 'INVALID_HOOK' | 'INTERNAL_ERROR';

/** What a test does to the webhooks. Where no webhook is named, all of them are meant. */
export interface WebhookControls {
  /** The webhooks as the API lists them. */
  list(): readonly WebhookModel[];
  /** Ends a webhook's life as seven days without a listing do. */
  expire(id?: string): void;
  /** As after thirteen retries without success: payloads go on accumulating. */
  disableNotifications(id?: string): void;
  /** Adds an error payload, after which the webhook is dead. */
  injectErrorPayload(code: ErrorCode, id?: string): void;
  /** From here on pings are held until `flush`, which sends one for all changes. False ends it. */
  coalescePings(isOn?: boolean): void;
  /** From here on each ping is sent this often. 1 ends it. */
  repeatPings(times: number): void;
  /** The next pings are lost; all of them without a number. 0 ends it. */
  dropPings(count?: number): void;
  /** Sends a ping without a change. */
  spuriousPing(id?: string): void;
  /** Webhooks with a ping that is held, under way, or waits for a retry. */
  readonly pendingPings: number;
  /** Sends what is held and resolves when no ping is under way. Retries wait for their own time. */
  flush(): Promise<void>;
}

/** The webhooks of the emulator: payloads and pings, and a test's hold on both. */
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
