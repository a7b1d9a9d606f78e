import { GoneOrForbiddenError } from '../../lambdas/airtable/airtable-errors';
import type { Webhook } from '../../lambdas/airtable/airtable-webhooks';
import { COLUMN, CUSTOMERS } from '../../lambdas/airtable/columns';
import { mappingVersionFor } from '../../lambdas/airtable/customer-record';
import type { PendingOptOut } from '../../lambdas/opt-out/opt-out-store';
import type { SyncState } from '../../lambdas/replica/replica-store';
import { passInterval } from '../../lambdas/sync/pass-schedule';
import { requiredColumns } from '../airtable/expected-schema';
import { passNeeded } from '../replica/replica-step';
import { duration } from './data/team-data';
import type { DoctorContext } from './doctor-context';
import { type CheckResult, failed, type HealthCheck, passed } from './health-check';

const STACK = ['configuration', 'aws', 'stack', 'replica-stack'];

/** Whether Airtable notifies the service of changes. */
const WEBHOOK_CHECK: HealthCheck = {
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

/** Checks of the replica, of the sync that keeps it fresh, and of the opt-outs, in a few requests. */
export const REPLICA_CHECKS: readonly HealthCheck[] = [
  {
    id: 'required-columns',
    title: 'Columns that sync requires',
    dependsOn: ['configuration', 'airtable-token', 'table-customers'],
    run: requiredColumnsResult,
  },
  {
    id: 'replica',
    title: 'Replica',
    // Other settings than the deployed ones need another mapping of records.
    dependsOn: [...STACK, 'deployed-settings'],
    run: async ({ stores, settings, now }) => {
      const state = await (await stores()).replica.readState();
      const { defaultCountry, syncMinutes } = settings().configuration;
      const needed = passNeeded(state, mappingVersionFor(defaultCountry));
      return needed === null
        ? freshness(state, syncMinutes, now())
        : failed(needed.problem, 'npx frontline setup reads the base and waits for it');
    },
  },
  {
    id: 'sync-run',
    title: 'Last run of sync',
    dependsOn: STACK,
    run: async ({ stores, now }) => lastRun(await (await stores()).replica.readState(), now()),
  },
  WEBHOOK_CHECK,
  {
    id: 'opt-outs-waiting',
    title: 'Opt-outs not yet in Airtable',
    dependsOn: STACK,
    run: async ({ stores, now }) => waiting(await (await stores()).optOuts.listPending(), now()),
  },
];

/** Whether the base has the columns without which a missing opt-out or number looks like a blank cell. */
async function requiredColumnsResult({ settings, base }: DoctorContext): Promise<CheckResult> {
  const required = requiredColumns(settings().configuration);
  const columns = [...required, COLUMN.name, COLUMN.owner];
  const missing = await base().missingFields(CUSTOMERS, columns);
  if (missing.length === 0) return passed(`Customers has ${columns.join(', ')}`);
  const stops = required.some((column) => missing.includes(column));
  return failed(
    `Customers has no column ${missing.join(', ')}${stops ? '; until it exists, sync removes no opt-out, number or customer' : ''}`,
    'npx frontline setup creates it; rename a renamed column back in Airtable',
  );
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A run may wait for Airtable's penalty or for a pass; three missed runs in a row are a fault. */
const RUNS_MISSED = 3;
/** A pass of the largest base takes a quarter of an hour, and it is nightly. */
const NIGHTLY_MS = 25 * HOUR_MS;

/** The age of a complete replica, compared with the promised one. */
function freshness(
  { lastPass, drainedAt, webhookProblem }: SyncState,
  syncMinutes: number,
  now: number,
): CheckResult {
  const { finishedAt, customers } = lastPass ?? { finishedAt: 0, customers: 0 };
  const passAge = now - finishedAt;
  const maxSilenceMs = RUNS_MISSED * syncMinutes * MINUTE_MS;
  const message = `${customers} customers, last full read ${duration(passAge)} ago`;
  if (webhookProblem !== null) {
    const interval = passInterval(customers);
    return passAge <= interval + maxSilenceMs
      ? passed(`${message}; without a webhook the base is read every ${duration(interval)}`)
      : overdue(`${message}; without a webhook, one is due every ${duration(interval)}`);
  }
  const changesAge = now - Math.max(drainedAt ?? 0, finishedAt);
  if (changesAge > maxSilenceMs) {
    return overdue(
      `changes were last read ${duration(changesAge)} ago and are due every ${syncMinutes} minutes`,
    );
  }
  if (passAge > NIGHTLY_MS) return overdue(`${message}; one is due every night`);
  return passed(`${message}, last changes ${duration(changesAge)} ago`);
}

function overdue(message: string): CheckResult {
  const fix =
    'npx frontline logs --callback sync shows why; docs/runbook.md, "replica-stale", lists the fixes';
  return failed(message, fix);
}

/** Lambda ends a function after 15 minutes, and a run that takes over reports at once. */
const MAX_PASS_MS = 16 * MINUTE_MS;

/** Whether the last run of sync succeeded. */
function lastRun({ lastFailure, passProgress, lastPass }: SyncState, now: number): CheckResult {
  if (lastFailure !== null) {
    return failed(
      `failed ${duration(now - lastFailure.at)} ago: ${lastFailure.message}`,
      'Fix the error above; the next scheduled run tries again. See npx frontline logs --callback sync',
    );
  }
  if (passProgress !== null && now - passProgress.startedAt > MAX_PASS_MS) {
    const { startedAt, customers } = passProgress;
    return failed(
      `a pass that started ${duration(now - startedAt)} ago stopped after ${customers} customers without a report`,
      'The function was stopped: npx frontline logs --callback sync shows whether it ran out of time or memory. The next scheduled run starts over',
    );
  }
  if (lastPass === null && passProgress === null) return passed('no run yet');
  return passed(passProgress === null ? 'succeeded' : 'a pass is running');
}

/** The same time as that of the alarm WaitingOptOut. */
const TOO_LONG_MS = HOUR_MS;

/** How many opt-outs wait for Airtable, and how long. The callbacks honour them meanwhile. */
function waiting(pending: readonly PendingOptOut[], now: number): CheckResult {
  if (pending.length === 0) return passed('none');
  const oldest = Math.max(...pending.map(({ event }) => now - Date.parse(event.at)));
  const message = `${pending.length} waiting, the oldest for ${duration(oldest)}`;
  if (oldest <= TOO_LONG_MS) return passed(message);
  return failed(
    message,
    'The callbacks reject messages to these customers regardless. npx frontline logs --callback sync shows why Airtable rejects the tick, such as a column opt_out that is neither a checkbox nor text',
    pending.map(({ address, event: { kind, channel, keyword, at } }) => ({
      what: `${address} (${channel}): ${kind} by ${keyword} at ${at}`,
      link: null,
    })),
  );
}

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
