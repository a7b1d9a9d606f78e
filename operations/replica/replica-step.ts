import { setTimeout as pause } from 'node:timers/promises';
import type { ReplicaStore } from '../../lambdas/replica/replica-store';
import type { StartSync } from '../../lambdas/sync/sync-event';
import type { Step } from '../changes/survey';
import { waitForPass } from './wait-for-pass';

/** The replica of a deployed stack, as set-up uses it. */
export interface DeployedReplica {
  readonly replica: Pick<ReplicaStore, 'readState'>;
  readonly startSync: StartSync;
}

export interface ReplicaStepOptions {
  /** Null while there is no stack that has a replica. */
  readonly open: () => Promise<DeployedReplica | null>;
  readonly now?: () => number;
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** The replica's part of a set-up: the first complete reading of the base, until which no callback can answer. */
export function replicaStep({ open, now = Date.now, pause: wait = pauseFor }: ReplicaStepOptions): Step {
  return {
    name: 'Replica',
    survey: async () => {
      const state = await (await open())?.replica.readState();
      if (state?.lastPass) {
        const { finishedAt, customers } = state.lastPass;
        const right = `The replica has ${customers} customers, read completely at ${new Date(finishedAt).toISOString()}`;
        return { right: [right], changes: [], obstacles: [] };
      }
      return {
        right: [],
        obstacles: [],
        changes: [
          {
            summary: 'Read the whole base into the replica, which the callbacks answer from',
            difference: [],
            apply: async (tell) => {
              const deployed = await open();
              if (deployed === null) throw new Error('There is no stack with a replica: deploy it first');
              await waitForPass({ ...deployed, tell, now, pause: wait });
            },
          },
        ],
      };
    },
  };
}

async function pauseFor(milliseconds: number): Promise<void> {
  await pause(milliseconds);
}
