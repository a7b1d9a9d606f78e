import { GoneOrForbiddenError } from '../../lambdas/airtable/airtable-errors';
import { AirtableWebhooks, type Webhook } from '../../lambdas/airtable/airtable-webhooks';
import { isKnownError } from '../../lambdas/errors';
import type { Change, ManualStep, Plan, Reconciler } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { openAirtable, type Pacing } from './rate-limited-base';

export interface WebhookTeardownOptions {
  readonly settings: Settings;
  /** The URL that our webhook calls; null if there is no stack. */
  readonly webhookUrl: string | null;
  /** The id of the webhook that sync created, as stored in the replica; null if none is stored. */
  readonly webhookId: string | null;
  readonly pacing?: Pacing;
}

/** Airtable's part of a teardown: deletes the webhook that notifies the service of changes. Keeps the base. */
export function webhookTeardownStep(options: WebhookTeardownOptions): Reconciler {
  return { name: 'Airtable', plan: () => planWebhooks(options) };
}

async function planWebhooks(options: WebhookTeardownOptions): Promise<Plan> {
  const { settings, webhookUrl, webhookId, pacing } = options;
  const { airtableUrl: url, airtableBaseId: baseId } = settings.configuration;
  const access = { url, baseId, apiKey: settings.airtableApiKey };
  const webhooks = new AirtableWebhooks(access, openAirtable(access, pacing));
  const listed = await look(webhooks);
  if ('what' in listed) return { ...NOTHING, manualSteps: [listed] };
  const ours = listed.filter(
    ({ id, notificationUrl }) => id === webhookId || (webhookUrl !== null && notificationUrl === webhookUrl),
  );
  if (ours.length === 0) return { ...NOTHING, upToDate: ['No webhook of the base calls this service'] };
  return { ...NOTHING, changes: ours.map((webhook) => deletion(webhook, webhooks)) };
}

const NOTHING: Plan = { upToDate: [], changes: [], manualSteps: [] };
const EXPIRES = 'No action is needed: a webhook without a listener expires within seven days';

/** The webhooks of the base, or the reason why they cannot be read. */
async function look(webhooks: AirtableWebhooks): Promise<readonly Webhook[] | ManualStep> {
  try {
    return await webhooks.listWebhooks();
  } catch (error) {
    // A token without the scope webhook:manage could not create a webhook, unless it has lost the scope since then.
    if (error instanceof GoneOrForbiddenError) return [];
    if (!isKnownError(error)) throw error;
    return { what: `The base's webhook could not be deleted: ${error.message}`, fix: EXPIRES };
  }
}

function deletion({ id, notificationUrl }: Webhook, webhooks: AirtableWebhooks): Change {
  return {
    summary: `Delete the webhook ${id} of the base`,
    diff: [{ what: 'calls', from: notificationUrl ?? 'nothing', to: null }],
    apply: async () => {
      await webhooks.deleteWebhook(id).catch((error: unknown) => {
        // It was deleted in the meantime.
        if (!(error instanceof GoneOrForbiddenError)) throw error;
      });
    },
  };
}
