import { randomBytes } from 'node:crypto';
import { newId } from '../base-model';
import type { Action, TableChanges } from '../change-log';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a webhook lives after its creation or a listing of its payloads, and a payload after its action. */
export const LIFE_MS = 7 * DAY_MS;

/** A webhook of the base for every change of a record (airtable.md#webhooks). Times are milliseconds since the epoch. */
export interface Webhook {
  readonly id: string;
  readonly macSecret: Buffer;
  /** Null for a webhook that is only polled. */
  readonly notificationUrl: string | null;
  areNotificationsEnabled: boolean;
  /** False for good after an error payload. */
  isUsable: boolean;
  expiresAt: number;
  nextCursor: number;
  /** By cursor, the oldest first. */
  payloads: StoredPayload[];
  lastSuccessfulNotificationTime: string | null;
  lastNotificationResult: NotificationResult | null;
}

interface StoredPayload {
  readonly cursor: number;
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

export function newWebhook(notificationUrl: string | null, now: Date): Webhook {
  return {
    id: newId('ach'),
    macSecret: randomBytes(64),
    notificationUrl,
    areNotificationsEnabled: true,
    isUsable: true,
    expiresAt: now.getTime() + LIFE_MS,
    nextCursor: 1,
    payloads: [],
    lastSuccessfulNotificationTime: null,
    lastNotificationResult: null,
  };
}

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
    specification: { options: { filters: { dataTypes: ['tableData'] } } },
  };
}

/**
 * A webhook's payload for one action (airtable.md#webhook-payloads). Left out are the author and the cells, because the
 * service reads the records again.
 */
export interface Payload {
  readonly timestamp: string;
  readonly baseTransactionNumber: number;
  readonly payloadFormat: 'v0';
  readonly changedTablesById?: Readonly<Record<string, object>>;
  readonly destroyedTableIds?: readonly string[];
  readonly error?: true;
  readonly code?: string;
}

export function payloadOf({ changes, at, baseTransactionNumber }: Action): Payload {
  const changed = [...changes.tables].map(([id, table]) => [id, tableChanges(table)] as const);
  const destroyed = [...changes.destroyedTableIds];
  return {
    timestamp: at.toISOString(),
    baseTransactionNumber,
    payloadFormat: 'v0',
    ...(changed.length > 0 && { changedTablesById: Object.fromEntries(changed) }),
    ...(destroyed.length > 0 && { destroyedTableIds: destroyed }),
  };
}

function tableChanges({ created, changed, destroyed }: TableChanges): object {
  const createdRecordsById = Object.fromEntries(
    [...created].map(([id, { createdTime }]) => [id, { createdTime }]),
  );
  const changedRecordsById = Object.fromEntries([...changed].map((id) => [id, {}]));
  return {
    ...(created.size > 0 && { createdRecordsById }),
    ...(changed.size > 0 && { changedRecordsById }),
    ...(destroyed.size > 0 && { destroyedRecordIds: [...destroyed.keys()] }),
  };
}
