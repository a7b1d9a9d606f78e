import { setTimeout } from 'node:timers/promises';
import type { ReplicaStore, SyncState } from '../../lambdas/replica/replica-store';
import type { StartSync } from '../../lambdas/sync/sync-event';
import type { Change, Reconciler } from '../plan/plan';
import { waitForPass } from './wait-for-pass';

/** The replica of a deployed stack, for setup. */
interface DeployedReplica {
  readonly replica: Pick<ReplicaStore, 'readState'>;
  readonly startSync: StartSync;
}

export interface ReplicaStepOptions {
  /** Null until a stack with a replica is deployed. */
  readonly open: () => Promise<DeployedReplica | null>;
  /** Changes when the mapping of records changes. */
  readonly mappingVersion: string;
  /** Whether the service's token may manage the base's webhooks. */
  readonly mayManageWebhooks: () => Promise<boolean>;
  readonly now?: () => number;
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** The replica's part of a setup: a complete pass over the base, without which callbacks cannot respond. */
export function replicaStep(options: ReplicaStepOptions): Reconciler {
  return {
    name: 'Replica',
    plan: async () => {
      const state = await (await options.open())?.replica.readState();
      const summary = await reasonToRead(state, options);
      return {
        upToDate: summary === null && state?.lastPass ? [described(state.lastPass)] : [],
        changes: summary === null ? [] : [reading(summary, options)],
        manualSteps: [],
      };
    },
  };
}

/** The pass to run and its reason; null if the replica is up to date. */
async function reasonToRead(
  state: SyncState | undefined,
  { mappingVersion, mayManageWebhooks }: ReplicaStepOptions,
): Promise<string | null> {
  if (!state?.lastPass) return 'Read the whole base into the replica, which the callbacks read';
  if (state.lastPass.mappingVersion !== mappingVersion) {
    return 'Read the whole base again, because the mapping of records changed';
  }
  if (state.webhookProblem !== null && (await mayManageWebhooks())) {
    return "Enable Airtable's change notifications, and read the whole base again";
  }
  return null;
}

function described({ customers, finishedAt }: NonNullable<SyncState['lastPass']>): string {
  return `The replica has ${customers} customers, read completely at ${new Date(finishedAt).toISOString()}`;
}

function reading(summary: string, { open, now = Date.now, pause = wait }: ReplicaStepOptions): Change {
  return {
    summary,
    diff: [],
    apply: async (onProgress) => {
      const deployed = await open();
      if (deployed === null) throw new Error('No stack with a replica is deployed: deploy it first');
      await waitForPass({ ...deployed, onProgress, now, pause });
    },
  };
}

async function wait(milliseconds: number): Promise<void> {
  await setTimeout(milliseconds);
}
