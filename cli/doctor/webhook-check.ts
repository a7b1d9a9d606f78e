import { GoneOrForbiddenError } from '../../lambdas/airtable/airtable-errors';
import type { Webhook } from '../../lambdas/airtable/airtable-webhooks';
import { passInterval } from '../../lambdas/sync/pass-schedule';
import { duration } from './data/wording';
import type { DoctorContext } from './doctor-context';
import { type CheckResult, failed, type HealthCheck, passed } from './health-check';

/** Whether Airtable notifies the service of changes. */
export const WEBHOOK_CHECK: HealthCheck = {
  id: 'airtable-webhook',
  title: "Airtable's webhook",
  dependsOn: ['configuration', 'aws', 'stack', 'replica-stack', 'airtable-token', 'replica'],
  run: async (context) => {
    const { replica } = await context.stores();
    const registration = await replica.readWebhook();
    if (registration === null) return withoutWebhook(await replica.readState());
    try {
      const webhook = (await context.listWebhooks()).find(({ id }) => id === registration.id);
      if (webhook === undefined) return failed(`Airtable no longer has ${registration.id}`, NEXT_RUN);
      return judge(webhook, await context.webhookUrl(), context.now());
    } catch (error) {
      if (!(error instanceof GoneOrForbiddenError)) throw error;
      const fix = 'Give the token in AIRTABLE_API_KEY the scope webhook:manage';
      return failed('the token can no longer list it', fix);
    }
  },
};

const NEXT_RUN =
  'Sync creates another one in its next scheduled run; if not, npx frontline logs --callback sync shows why';

type State = Awaited<ReturnType<Awaited<ReturnType<DoctorContext['stores']>>['replica']['readState']>>;

function withoutWebhook({ lastPass, webhookProblem }: State): CheckResult {
  const reason = webhookProblem === null ? ' yet' : `: ${webhookProblem}`;
  const interval = duration(passInterval(lastPass?.customers ?? 0));
  return {
    status: 'limited',
    message: `no webhook${reason}. Changes in Airtable are detected when the whole base is read, every ${interval}`,
    fix: 'With a webhook, changes are detected within seconds: give the token in AIRTABLE_API_KEY the scopes webhook:manage and schema.bases:read, and its owner the role of a creator of the base; a base has at most 10 webhooks. Then npx frontline setup',
  };
}

/** @param url the URL that the webhook must call */
export function judge(webhook: Webhook, url: string, now: number): CheckResult {
  const { id, isHookEnabled, notificationUrl, expirationTime, areNotificationsEnabled, lastFailure } =
    webhook;
  if (!isHookEnabled) return failed(`Airtable disabled ${id}`, NEXT_RUN);
  if (notificationUrl !== url)
    return failed(`it calls ${notificationUrl ?? 'no URL'} instead of ${url}`, NEXT_RUN);
  const lifetime = expirationTime === null ? null : Date.parse(expirationTime) - now;
  if (lifetime !== null && lifetime < 0) return failed(`it expired ${duration(-lifetime)} ago`, NEXT_RUN);
  if (!areNotificationsEnabled) {
    return failed(
      `Airtable stopped calling it after repeated failures${lastFailure === null ? '' : `: ${lastFailure}`}`,
      'Make sure that the URL is reachable from the internet; sync re-enables it when it reads the whole base, at 03:00 UTC',
    );
  }
  if (lastFailure !== null) {
    return failed(
      `the last call failed: ${lastFailure}`,
      `Airtable retries. Make sure that ${url} is reachable from the internet; see npx frontline logs --callback airtable-webhook`,
    );
  }
  const expiry = lifetime === null ? '' : `, expires in ${duration(lifetime)} and is renewed by every run`;
  return passed(`it calls ${url}${expiry}`);
}
