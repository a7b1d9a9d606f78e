import { GoneOrForbiddenError } from '../../../lambdas/airtable/airtable-errors';
import type { Webhook } from '../../../lambdas/airtable/airtable-webhooks';
import type { SyncState, WebhookRegistration } from '../../../lambdas/replica/replica-store';
import { passInterval } from '../../../lambdas/sync/pass-schedule';
import type { CheckResult } from '../health-check';
import { duration } from './duration';

interface WebhookLook {
  readonly state: SyncState;
  /** The state that sync keeps of the webhook that it created. */
  readonly registration: WebhookRegistration | null;
  readonly listWebhooks: () => Promise<readonly Webhook[]>;
  /** The URL that it must call. */
  readonly webhookUrl: string;
  readonly now: number;
}

/** Whether Airtable notifies the service of changes. */
export async function webhookOutcome(look: WebhookLook): Promise<CheckResult> {
  const { state, registration, now, webhookUrl } = look;
  if (registration === null) {
    const interval = passInterval(state.lastPass?.customers ?? 0);
    return {
      status: 'limited',
      message: `no webhook${state.webhookProblem === null ? ' yet' : `: ${state.webhookProblem}`}. Changes in Airtable are detected when the whole base is read, every ${duration(interval)}`,
      fix: 'With a webhook, changes are detected within seconds: give the token in AIRTABLE_API_KEY the scopes webhook:manage and schema.bases:read, and its owner the role of a creator of the base; a base has at most 10 webhooks. Then npm run setup',
    };
  }
  const webhooks = await listed(look);
  const webhook = webhooks?.find(({ id }) => id === registration.id);
  if (webhooks === null) {
    return wrong(
      'the token can no longer list it',
      'Give the token in AIRTABLE_API_KEY the scope webhook:manage',
    );
  }
  if (webhook === undefined) return wrong(`Airtable no longer has ${registration.id}`, NEXT_RUN);
  if (!webhook.isHookEnabled) return wrong(`Airtable disabled ${webhook.id}`, NEXT_RUN);
  if (webhook.notificationUrl !== webhookUrl) {
    return wrong(`it calls ${webhook.notificationUrl ?? 'no URL'} instead of ${webhookUrl}`, NEXT_RUN);
  }
  const expiresAt = webhook.expirationTime === null ? null : Date.parse(webhook.expirationTime);
  if (expiresAt !== null && expiresAt < now)
    return wrong(`it expired ${duration(now - expiresAt)} ago`, NEXT_RUN);
  if (!webhook.areNotificationsEnabled) {
    const reason = webhook.lastFailure === null ? '' : `: ${webhook.lastFailure}`;
    return wrong(
      `Airtable stopped calling it after repeated failures${reason}`,
      'Make sure that the URL is reachable from the internet; sync re-enables it when it reads the whole base, at 03:00 UTC',
    );
  }
  if (webhook.lastFailure !== null) {
    return wrong(
      `the last call failed: ${webhook.lastFailure}`,
      `Airtable retries. Make sure that ${webhookUrl} is reachable from the internet; see npm run logs -- --callback airtable-webhook`,
    );
  }
  const expiry =
    expiresAt === null ? '' : `, expires in ${duration(expiresAt - now)} and is renewed by every run`;
  return { status: 'pass', message: `it calls ${webhookUrl}${expiry}` };
}

const NEXT_RUN =
  'Sync creates another one in its next scheduled run; if not, npm run logs -- --callback sync shows why';

function wrong(message: string, fix: string): CheckResult {
  return { status: 'fail', message, fix };
}

/** Null if the token may not list them. */
async function listed({ listWebhooks }: WebhookLook): Promise<readonly Webhook[] | null> {
  try {
    return await listWebhooks();
  } catch (error) {
    if (error instanceof GoneOrForbiddenError) return null;
    throw error;
  }
}
