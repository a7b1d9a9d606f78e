import type { OptOutStore } from '../../../lambdas/opt-out/opt-out-store';
import type { ReplicaStore } from '../../../lambdas/replica/replica-store';

/** The parts of a deployed stack that the doctor reads to check the replica. */
export interface ReplicaLook {
  readonly replica: Pick<ReplicaStore, 'readState' | 'readWebhook' | 'scanHeads'>;
  readonly optOuts: Pick<OptOutStore, 'listPending' | 'scan'>;
  /** The number of templates that the callbacks serve. */
  readonly countTemplates: () => Promise<number>;
  /** The URL that Airtable's webhook must call. */
  readonly webhookUrl: string;
}
