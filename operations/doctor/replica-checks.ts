import type { Webhook } from '../../lambdas/airtable/airtable-webhooks';
import { OptOutEvents } from '../opt-outs/opt-out-events';
import type { Settings } from '../settings/settings';
import type { Check } from './check';
import { untickedOptOuts } from './data/customer-findings';
import type { TeamData } from './data/team-data';
import { freshnessOutcome } from './replica/freshness';
import { contentOutcome } from './replica/replica-content';
import type { ReplicaLook } from './replica/replica-look';
import { requiredColumnsOutcome } from './replica/required-columns-outcome';
import { lastRunOutcome } from './replica/sync-outcome';
import { waitingOutcome } from './replica/waiting-outcome';
import { webhookOutcome } from './replica/webhook-outcome';

export interface ReplicaChecksOptions {
  readonly settings: () => Settings;
  /** @throws {Misconfigured} where there is no stack with a replica */
  readonly open: () => Promise<ReplicaLook>;
  readonly openData: () => TeamData;
  /** The base's webhooks. @throws {GoneOrForbidden} where the token may not list them */
  readonly listWebhooks: () => Promise<readonly Webhook[]>;
  /** The columns that the base's Customers table lacks of these. */
  readonly missingColumns: (columns: readonly string[]) => Promise<readonly string[]>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const STACK = ['configuration', 'aws', 'stack', 'replica-stack'];
const BASE = ['airtable-token', 'table-customers'];

/** What the doctor says of the replica, of sync that keeps it fresh, and of the opt-outs. */
export function replicaChecks({
  settings,
  open,
  openData,
  listWebhooks,
  missingColumns,
  now,
}: ReplicaChecksOptions): readonly Check[] {
  return [
    {
      id: 'required-columns',
      title: 'Columns that sync requires',
      needs: ['configuration', ...BASE],
      run: () => requiredColumnsOutcome(settings().configuration, missingColumns),
    },
    {
      id: 'replica',
      title: 'Replica',
      needs: STACK,
      run: async () => freshnessOutcome(await (await open()).replica.readState(), settings(), now()),
    },
    {
      id: 'replica-content',
      title: 'Replica beside Airtable',
      needs: [...STACK, ...BASE, 'table-templates', 'replica'],
      run: async () => contentOutcome(await open(), openData(), now()),
    },
    {
      id: 'sync-run',
      title: 'Last run of sync',
      needs: STACK,
      run: async () => lastRunOutcome(await (await open()).replica.readState(), now()),
    },
    {
      id: 'airtable-webhook',
      title: "Airtable's webhook",
      needs: [...STACK, 'airtable-token', 'replica'],
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
      title: 'Opt-outs that Airtable does not have yet',
      needs: STACK,
      run: async () => waitingOutcome(await (await open()).optOuts.listPending(), now()),
    },
    {
      id: 'opt-outs-unticked',
      title: 'Opt-outs that were unticked in Airtable',
      needs: [...STACK, ...BASE],
      run: async () => {
        const { optOuts } = await open();
        const waiting = new Set((await optOuts.listPending()).map(({ event }) => event.id));
        const events = await OptOutEvents.read(optOuts);
        const findings = untickedOptOuts(await openData().customers(), events, waiting);
        if (findings.length === 0) return { verdict: 'right', says: 'none' };
        return {
          verdict: 'wrong',
          says: `${findings.length === 1 ? '1 opt-out is' : `${findings.length} opt-outs are`} in force without a tick in opt_out`,
          remedy:
            'Sync ticks them again, because clearing opt_out lifts no STOP. Where the customer wants messages again: npm run opt-outs -- lift ADDRESS --reason "…"',
          findings,
        };
      },
    },
  ];
}
