import type { Webhook } from '../airtable/airtable-webhooks';
import type { WebhookRegistration } from '../replica/replica-store';
import { WebhookNotAllowedError } from './sync-base';
import { readBase, type SyncRun } from './sync-run';

/** A live webhook. */
export interface LiveWebhook {
  readonly id: string;
  /** The next payload; the current content of the base is older. */
  readonly cursor: number;
  /** Whether the webhook existed before, so that the stored cursor is still valid. */
  readonly isKnown: boolean;
}

/**
 * Ensures that the base has exactly one live webhook with this service's address. Null where the token or the base does
 * not allow one: `webhookProblem` then gives the reason, and passes run more often instead.
 * @param isGone whether the registered webhook was found to be dead, even if Airtable lists it as live.
 */
export async function ensureWebhook(run: SyncRun, isGone: boolean): Promise<LiveWebhook | null> {
  try {
    const webhook = await findOrCreate(run, isGone);
    await run.store.updateState(run.lease, { webhookProblem: null });
    return webhook;
  } catch (error) {
    if (!(error instanceof WebhookNotAllowedError)) throw error;
    await run.lease.renew(run.clock.now());
    await run.store.updateState(run.lease, { cursor: null, webhookProblem: error.message });
    await run.store.writeWebhook(run.lease, null);
    return null;
  }
}

async function findOrCreate(run: SyncRun, isGone: boolean): Promise<LiveWebhook> {
  const { webhookUrl } = run.settings;
  const listed = await readBase(run, ({ webhooks }) => webhooks.list());
  const registered = await run.store.readWebhook();
  const live = isGone ? undefined : listed.find((webhook) => isLive(run, webhook, registered));
  for (const { id, notificationUrl } of listed) {
    const isOurs = id === registered?.id || (webhookUrl !== null && notificationUrl === webhookUrl);
    if (isOurs && id !== live?.id) await readBase(run, ({ webhooks }) => webhooks.delete(id));
  }
  if (live === undefined) return create(run);
  if (webhookUrl !== null && !live.areNotificationsEnabled) {
    await enableNotifications(run, live.id);
  }
  return { id: live.id, cursor: live.cursorForNextPayload, isKnown: true };
}

/** Without pings, the schedule still drains. */
async function enableNotifications(run: SyncRun, id: string): Promise<void> {
  try {
    await readBase(run, ({ webhooks }) => webhooks.enableNotifications(id));
  } catch (error) {
    if (!(error instanceof WebhookNotAllowedError)) throw error;
    run.report.warnings.push(`Airtable sends no notifications: ${error.message}`);
  }
}

/** Whether the webhook is alive, has the current address, and its secret is known. */
function isLive(
  { clock, settings }: SyncRun,
  webhook: Webhook,
  registered: WebhookRegistration | null,
): boolean {
  return (
    webhook.id === registered?.id &&
    registered.notificationUrl === settings.webhookUrl &&
    webhook.isHookEnabled &&
    // A time that cannot be read counts as none.
    !(Date.parse(webhook.expirationTime ?? '') <= clock.now())
  );
}

async function create(run: SyncRun): Promise<LiveWebhook> {
  const { webhookUrl: notificationUrl } = run.settings;
  // First, because a cursor of the old webhook is not valid for the new one.
  await run.store.updateState(run.lease, { cursor: null });
  const created = await readBase(run, ({ webhooks }) => webhooks.create(notificationUrl));
  await run.store.writeWebhook(run.lease, { ...created, notificationUrl });
  return { id: created.id, cursor: 1, isKnown: false };
}
