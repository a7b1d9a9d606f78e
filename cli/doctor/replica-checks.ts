import type { Webhook } from '../../lambdas/airtable/airtable-webhooks';
import type { Column } from '../../lambdas/airtable/columns';
import type { Settings } from '../settings/settings';
import type { HealthCheck } from './health-check';
import { freshnessOutcome } from './replica/freshness';
import type { ReplicaLook } from './replica/replica-look';
import { requiredColumnsOutcome } from './replica/required-columns-outcome';
import { lastRunOutcome } from './replica/sync-outcome';
import { waitingOutcome } from './replica/waiting-outcome';
import { webhookOutcome } from './replica/webhook-outcome';

export interface ReplicaChecksOptions {
  readonly settings: () => Settings;
  /** @throws {ConfigurationError} if there is no stack with a replica */
  readonly open: () => Promise<ReplicaLook>;
  /** The base's webhooks. @throws {GoneOrForbiddenError} if the token may not list them */
  readonly listWebhooks: () => Promise<readonly Webhook[]>;
  /** Which of these columns the base's Customers table lacks. */
  readonly missingColumns: (columns: readonly Column[]) => Promise<readonly string[]>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const STACK = ['configuration', 'aws', 'stack', 'replica-stack'];
const BASE = ['airtable-token', 'table-customers'];

/** Checks of the replica, of the sync that keeps it fresh, and of the opt-outs, in a few requests. */
export function replicaChecks({
  settings,
  open,
  listWebhooks,
  missingColumns,
  now,
}: ReplicaChecksOptions): readonly HealthCheck[] {
  return [
    {
      id: 'required-columns',
      title: 'Columns that sync requires',
      dependsOn: ['configuration', ...BASE],
      run: () => requiredColumnsOutcome(settings().configuration, missingColumns),
    },
    {
      id: 'replica',
      title: 'Replica',
      dependsOn: STACK,
      run: async () => freshnessOutcome(await (await open()).replica.readState(), settings(), now()),
    },
    {
      id: 'sync-run',
      title: 'Last run of sync',
      dependsOn: STACK,
      run: async () => lastRunOutcome(await (await open()).replica.readState(), now()),
    },
    {
      id: 'airtable-webhook',
      title: "Airtable's webhook",
      dependsOn: [...STACK, 'airtable-token', 'replica'],
      run: async () => {
        const { replica, webhookUrl } = await open();
        return webhookOutcome({
          state: await replica.readState(),
          registration: await replica.readWebhook(),
          listWebhooks,
          webhookUrl,
          now: now(),
        });
      },
    },
    {
      id: 'opt-outs-waiting',
      title: 'Opt-outs not yet in Airtable',
      dependsOn: STACK,
      run: async () => waitingOutcome(await (await open()).optOuts.listPending(), now()),
    },
  ];
}
