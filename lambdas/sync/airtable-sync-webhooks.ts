import { AirtableApiError, GoneOrForbiddenError } from '../airtable/airtable-errors';
import type { AirtableWebhooks, Payload, Webhook } from '../airtable/airtable-webhooks';
import { errorMessage, UpstreamError } from '../errors';
import {
  type ChangePayload,
  type ListedWebhook,
  type SyncWebhooks,
  WebhookGoneError,
  WebhookNotAllowedError,
} from './sync-base';
import type { SyncClock } from './sync-run';

/** Adapts Airtable's webhooks to sync. */
export function airtableSyncWebhooks(webhooks: AirtableWebhooks, clock: SyncClock): SyncWebhooks {
  return {
    list: () => asNotAllowed(async () => (await webhooks.listWebhooks()).map(listed)),
    create: (notificationUrl) => asNotAllowed(() => webhooks.createWebhook({ notificationUrl })),
    delete: async (id) => {
      try {
        await webhooks.deleteWebhook(id);
      } catch (error) {
        // Gone, or owned by another token: creating one then shows which.
        if (!(error instanceof GoneOrForbiddenError)) throw error;
      }
    },
    enableNotifications: (id) => asNotAllowed(() => webhooks.enableNotifications(id)),
    listPayloads: async (id, cursor) => {
      const readAt = clock.now();
      try {
        const page = await webhooks.listPayloads(id, cursor);
        return { ...page, readAt, payloads: page.payloads.map((payload) => payloadOf(payload, readAt)) };
      } catch (error) {
        const isGone = error instanceof GoneOrForbiddenError || error instanceof AirtableApiError;
        throw isGone ? new WebhookGoneError(errorMessage(error), { cause: error }) : error;
      }
    },
  };
}

/** A 403 is a missing scope or role; the error for an eleventh webhook is not documented (airtable.md#webhooks). */
async function asNotAllowed<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const isAnswer =
      error instanceof GoneOrForbiddenError ||
      error instanceof AirtableApiError ||
      error instanceof UpstreamError;
    throw isAnswer ? new WebhookNotAllowedError(errorMessage(error), { cause: error }) : error;
  }
}

function listed({ expirationTime, ...webhook }: Webhook): ListedWebhook {
  const expiresAt = Date.parse(expirationTime ?? '');
  return { ...webhook, expiresAt: Number.isNaN(expiresAt) ? null : expiresAt };
}

function payloadOf(payload: Payload, listedAt: number): ChangePayload {
  if (payload.kind === 'error') return { at: listedAt, error: payload.code, tables: [] };
  if (payload.kind === 'unreadable') {
    return { at: listedAt, error: 'an unreadable payload', tables: [] };
  }
  const at = Date.parse(payload.timestamp);
  return {
    at: Number.isNaN(at) ? listedAt : at,
    error: null,
    tables: [
      ...[...payload.tables].map(([tableId, { created, changed, destroyed }]) => ({
        tableId,
        changedRecordIds: [...created, ...changed],
        destroyedRecordIds: destroyed,
      })),
      // Its records are not listed individually.
      ...payload.destroyedTableIds.map((tableId) => ({
        tableId,
        changedRecordIds: [],
        destroyedRecordIds: [],
      })),
    ],
  };
}
