import { sendPing } from './ping-request';
import type { Scheduler } from './scheduler';
import { isHookEnabled, type Webhook } from './webhook';

const MOST_RETRIES = 13;
const FIRST_DELAY_MS = 10_000;

/** A webhook's ping on its way. */
interface Delivery {
  readonly retryNumber: number;
  /** Cancels the pending retry; null while the ping is being sent. */
  readonly cancel: (() => void) | null;
}

/**
 * Delivers pings (airtable.md#webhook-notifications): at once, one at a time for each webhook. Later
 * changes share the next ping, or the pending retry.
 */
export class PingSender {
  /** While true, pings are held until `flush`, and those of one webhook are merged. */
  isHolding = false;
  /** How often each ping is sent. */
  copies = 1;
  /** How many of the next pings are lost. */
  toDrop = 0;
  readonly #baseId: string;
  readonly #now: () => Date;
  readonly #scheduler: Scheduler;
  readonly #closing = new AbortController();
  readonly #deliveries = new Map<Webhook, Delivery>();
  /** Webhooks with changes since their current ping was sent, or while pings are held. */
  readonly #waiting = new Set<Webhook>();
  readonly #sending = new Set<Promise<void>>();

  constructor(baseId: string, now: () => Date, scheduler: Scheduler) {
    this.#baseId = baseId;
    this.#now = now;
    this.#scheduler = scheduler;
  }

  /** Webhooks with a ping that is held, being sent, or waiting for a retry. */
  get pending(): number {
    return new Set([...this.#waiting, ...this.#deliveries.keys()]).size;
  }

  notify(webhook: Webhook): void {
    if (webhook.notificationUrl === null || !webhook.areNotificationsEnabled) return;
    if (this.toDrop > 0) {
      this.toDrop--;
      return;
    }
    const delivery = this.#deliveries.get(webhook);
    if (this.isHolding || delivery?.cancel === null) this.#waiting.add(webhook);
    else if (delivery === undefined) this.#send(webhook, 0);
  }

  /** Sends the held pings and waits until none is being sent. Retries keep their schedule. */
  async flush(): Promise<void> {
    do {
      for (const webhook of this.#waiting) this.#sendWaiting(webhook);
      await Promise.all(this.#sending);
    } while (this.#sending.size > 0 || this.#waiting.size > 0);
  }

  /** Forgets the pings of a webhook that is gone or has its notifications disabled. */
  cancel(webhook: Webhook): void {
    this.#waiting.delete(webhook);
    const delivery = this.#deliveries.get(webhook);
    if (delivery?.cancel) {
      delivery.cancel();
      this.#deliveries.delete(webhook);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const { cancel } of this.#deliveries.values()) cancel?.();
    this.#deliveries.clear();
    this.#waiting.clear();
    await Promise.all(this.#sending);
  }

  #sendWaiting(webhook: Webhook): void {
    if (this.#deliveries.get(webhook)?.cancel === null) return;
    this.#waiting.delete(webhook);
    if (!this.#deliveries.has(webhook)) this.#send(webhook, 0);
  }

  #send(webhook: Webhook, retryNumber: number): void {
    this.#deliveries.set(webhook, { retryNumber, cancel: null });
    const sending = this.#attempt(webhook, retryNumber).finally(() => {
      this.#sending.delete(sending);
      if (this.#waiting.has(webhook) && !this.isHolding) this.#sendWaiting(webhook);
    });
    this.#sending.add(sending);
  }

  async #attempt(webhook: Webhook, retryNumber: number): Promise<void> {
    const sentAt = this.#now();
    let failure: string | null = null;
    for (let copy = 0; copy < this.copies; copy++) {
      failure = await sendPing(webhook, {
        baseId: this.#baseId,
        timestamp: sentAt.toISOString(),
        scheduler: this.#scheduler,
        closing: this.#closing.signal,
      });
    }
    this.#deliveries.delete(webhook);
    if (!this.#closing.signal.aborted) this.#settle(webhook, retryNumber, sentAt, failure);
  }

  #settle(webhook: Webhook, retryNumber: number, sentAt: Date, failure: string | null): void {
    const now = this.#now();
    const common = {
      completionTimestamp: now.toISOString(),
      durationMs: now.getTime() - sentAt.getTime(),
      retryNumber,
    };
    if (failure === null) {
      webhook.lastSuccessfulNotificationTime = common.completionTimestamp;
      webhook.lastNotificationResult = { success: true, ...common };
      return;
    }
    const willBeRetried = retryNumber < MOST_RETRIES && webhook.areNotificationsEnabled;
    webhook.lastNotificationResult = {
      success: false,
      error: { message: failure },
      willBeRetried,
      ...common,
    };
    if (willBeRetried) this.#retryLater(webhook, retryNumber + 1);
    else {
      webhook.areNotificationsEnabled = false;
      this.#waiting.delete(webhook);
    }
  }

  #retryLater(webhook: Webhook, retryNumber: number): void {
    const cancel = this.#scheduler.after(FIRST_DELAY_MS * 2 ** (retryNumber - 1), () => {
      this.#deliveries.delete(webhook);
      if (isHookEnabled(webhook, this.#now())) this.#send(webhook, retryNumber);
    });
    this.#deliveries.set(webhook, { retryNumber, cancel });
    this.#waiting.delete(webhook);
  }
}
