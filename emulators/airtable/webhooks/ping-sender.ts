import { createHmac } from 'node:crypto';
import { isHookEnabled, type Webhook } from './webhook';

const TIMEOUT_MS = 25_000;
const MAX_RETRIES = 13;

/** Cancels a pending retry; null while the ping is being sent. */
type Delivery = { readonly cancel: (() => void) | null };

/**
 * Delivers pings (airtable.md#webhook-notifications): at once, one at a time for each webhook. Later changes share the
 * next ping, or the pending retry.
 */
export class PingSender {
  /** How many of the next pings are lost. */
  toDrop = 0;
  readonly #closing = new AbortController();
  readonly #deliveries = new Map<Webhook, Delivery>();
  /** Webhooks with changes since their current ping was sent. */
  readonly #waiting = new Set<Webhook>();
  readonly #sending = new Set<Promise<void>>();

  /** @param firstRetryMs the wait before the first retry; it doubles with each */
  constructor(
    readonly baseId: string,
    readonly now: () => Date,
    readonly firstRetryMs: number,
  ) {}

  notify(webhook: Webhook): void {
    if (webhook.notificationUrl === null || !webhook.areNotificationsEnabled) return;
    if (this.toDrop > 0) {
      this.toDrop--;
      return;
    }
    const delivery = this.#deliveries.get(webhook);
    if (delivery === undefined) this.#send(webhook, 0);
    else if (delivery.cancel === null) this.#waiting.add(webhook);
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
    this.#waiting.clear();
    await Promise.all(this.#sending);
  }

  #send(webhook: Webhook, retryNumber: number): void {
    this.#deliveries.set(webhook, { cancel: null });
    const sending = this.#attempt(webhook, retryNumber).finally(() => {
      this.#sending.delete(sending);
      if (this.#waiting.delete(webhook) && !this.#deliveries.has(webhook)) this.#send(webhook, 0);
    });
    this.#sending.add(sending);
  }

  async #attempt(webhook: Webhook, retryNumber: number): Promise<void> {
    const sentAt = this.now();
    const failure = await sendPing(webhook, this.baseId, sentAt, this.#closing.signal);
    this.#deliveries.delete(webhook);
    if (this.#closing.signal.aborted) return;
    const completedAt = this.now();
    const common = {
      completionTimestamp: completedAt.toISOString(),
      durationMs: completedAt.getTime() - sentAt.getTime(),
      retryNumber,
    };
    if (failure === null) {
      webhook.lastSuccessfulNotificationTime = common.completionTimestamp;
      webhook.lastNotificationResult = { success: true, ...common };
      return;
    }
    const willBeRetried = retryNumber < MAX_RETRIES && webhook.areNotificationsEnabled;
    const error = { message: failure };
    webhook.lastNotificationResult = { success: false, error, willBeRetried, ...common };
    if (willBeRetried) this.#retryLater(webhook, retryNumber + 1);
    else webhook.areNotificationsEnabled = false;
  }

  #retryLater(webhook: Webhook, retryNumber: number): void {
    const retry = () => {
      this.#deliveries.delete(webhook);
      if (isHookEnabled(webhook, this.now())) this.#send(webhook, retryNumber);
    };
    const timer = setTimeout(retry, this.firstRetryMs * 2 ** (retryNumber - 1)).unref();
    this.#deliveries.set(webhook, { cancel: () => clearTimeout(timer) });
    this.#waiting.delete(webhook);
  }
}

/** @returns null for 200 or 204, else why the ping failed */
async function sendPing(
  { id, notificationUrl, macSecret }: Webhook,
  baseId: string,
  sentAt: Date,
  closing: AbortSignal,
): Promise<string | null> {
  const body = JSON.stringify({ base: { id: baseId }, webhook: { id }, timestamp: sentAt.toISOString() });
  const mac = createHmac('sha256', macSecret).update(body).digest('hex');
  const tooLate = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(notificationUrl ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-airtable-content-mac': `hmac-sha256=${mac}` },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([closing, tooLate]),
    });
    await response.arrayBuffer();
    const { status } = response;
    return status === 200 || status === 204
      ? null
      : `The HTTP request returned a ${status} status code instead of 200 or 204`;
  } catch (error) {
    // The messages for a failed connection and for a late response are not published.
    if (tooLate.aborted) return 'The HTTP request timed out';
    return `The HTTP request failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
