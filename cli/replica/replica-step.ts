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
      const summary = await passToRun(state, options);
      return {
        upToDate: summary === null && state?.lastPass ? [described(state.lastPass)] : [],
        changes: summary === null ? [] : [reading(summary, options)],
        manualSteps: [],
      };
    },
  };
}

/** A pass that setup has to run. */
interface NeededPass {
  readonly summary: string;
  /** The fault that it corrects, as the doctor reports it. */
  readonly problem: string;
}

/** Whether the replica is incomplete or outdated. @returns null if it is complete */
export function passNeeded(state: SyncState | undefined, mappingVersion: string): NeededPass | null {
  if (!state?.lastPass) {
    const { passProgress = null } = state ?? {};
    const soFar =
      passProgress === null ? '' : `; a pass is running, ${passProgress.customers} customers so far`;
    return {
      summary: 'Read the whole base into the replica, which the callbacks read',
      problem: `the base was never read completely, so callbacks return 503${soFar}`,
    };
  }
  if (state.lastPass.mappingVersion === mappingVersion) return null;
  return {
    summary: 'Read the whole base again, because the mapping of records changed',
    problem: 'the base was last read with another mapping of records',
  };
}

/** The pass to run; null if the replica is up to date. */
async function passToRun(
  state: SyncState | undefined,
  { mappingVersion, mayManageWebhooks }: ReplicaStepOptions,
): Promise<string | null> {
  const needed = passNeeded(state, mappingVersion);
  if (needed !== null) return needed.summary;
  const isMissing = state !== undefined && state.webhookProblem !== null;
  return isMissing && (await mayManageWebhooks())
    ? "Enable Airtable's change notifications, and read the whole base again"
    : null;
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
