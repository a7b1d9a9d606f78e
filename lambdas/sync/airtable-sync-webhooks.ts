import { AirtableApiError, GoneOrForbiddenError } from '../airtable/airtable-errors';
import type { AirtableWebhooks } from '../airtable/airtable-webhooks';
import { errorMessage, UpstreamError } from '../errors';
import { type SyncWebhooks, WebhookGoneError, WebhookNotAllowedError } from './sync-base';
import type { SyncClock } from './sync-run';

/** Adapts Airtable's webhooks to sync. */
export function airtableSyncWebhooks(webhooks: AirtableWebhooks, clock: SyncClock): SyncWebhooks {
  return {
    list: () => asNotAllowed(() => webhooks.listWebhooks()),
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
        return { ...page, readAt };
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
