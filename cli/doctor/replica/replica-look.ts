import type { OptOutStore } from '../../../lambdas/opt-out/opt-out-store';
import type { ReplicaStore } from '../../../lambdas/replica/replica-store';

/** What of a deployed stack the doctor reads about the replica. */
export interface ReplicaLook {
  readonly replica: Pick<ReplicaStore, 'readState' | 'readWebhook' | 'scanHeads'>;
  readonly optOuts: Pick<OptOutStore, 'listPending' | 'scan'>;
  /** How many templates the callbacks answer with. */
  readonly countTemplates: () => Promise<number>;
  /** The address that Airtable's webhook has to call. */
  readonly webhookUrl: string;
}
