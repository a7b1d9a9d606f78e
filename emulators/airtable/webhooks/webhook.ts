import type { Payload } from './payload';
import type { Specification } from './specification';

/** A webhook of the base (airtable.md#webhooks). */
export interface Webhook {
  readonly id: string;
  readonly macSecret: Buffer;
  /** Null for a webhook that is only polled. */
  readonly notificationUrl: string | null;
  readonly specification: Specification;
  areNotificationsEnabled: boolean;
  /** False for good after an error payload. */
  isUsable: boolean;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  nextCursor: number;
  /** By cursor, the oldest first. */
  payloads: StoredPayload[];
  lastSuccessfulNotificationTime: string | null;
  lastNotificationResult: NotificationResult | null;
}

interface StoredPayload {
  readonly cursor: number;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  readonly payload: Payload;
}

type NotificationResult = { readonly completionTimestamp: string; readonly durationMs: number } & (
  | { readonly success: true; readonly retryNumber: number }
  | {
      readonly success: false;
      readonly error: { readonly message: string };
      readonly willBeRetried: boolean;
      readonly retryNumber: number;
    }
);

/** Whether payloads are still created: an expired webhook is disabled (airtable.md#webhooks). */
export function isHookEnabled({ isUsable, expiresAt }: Webhook, now: Date): boolean {
  return isUsable && now.getTime() < expiresAt;
}

/** A webhook as the list shows it: without the secret. */
export function webhookModel(webhook: Webhook, now: Date) {
  return {
    id: webhook.id,
    areNotificationsEnabled: webhook.areNotificationsEnabled,
    isHookEnabled: isHookEnabled(webhook, now),
    cursorForNextPayload: webhook.nextCursor,
    notificationUrl: webhook.notificationUrl,
    expirationTime: new Date(webhook.expiresAt).toISOString(),
    lastSuccessfulNotificationTime: webhook.lastSuccessfulNotificationTime,
    lastNotificationResult: webhook.lastNotificationResult,
    specification: webhook.specification,
  };
}
