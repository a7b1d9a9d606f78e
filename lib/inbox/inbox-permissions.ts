import { INBOX_KEYS, workerPartition } from '../../lambdas/inbox/store/inbox-keys';
import { ATTENTION, BY_ACTIVITY, BY_ADDRESS, BY_CHANGE } from '../../lambdas/inbox/store/inbox-table';
import { BY_OWNER } from '../../lambdas/replica/tables';
import type { InboxFunctionName } from '../function-names';
import { BATCH_READS, BATCH_WRITES, READS, type TableUse, WRITES } from '../tables';
import type { ConnectionUse } from './live-api';

/** The permissions of a function of the inbox beside writing its log. */
export interface InboxPermissions {
  readonly inbox: TableUse;
  /** The only partitions of the inbox's table that it may write, `*` standing for any text; null for all. */
  readonly writesOnly: readonly string[] | null;
  readonly replica: TableUse | null;
  readonly optOuts: TableUse | null;
  /** Whether it may put events on the inbox's queue. */
  readonly enqueues: boolean;
  readonly connections: readonly ConnectionUse[];
  /** Whether it may start a run of sync, which it does where the replica is empty. */
  readonly startsSync: boolean;
  /** Whether it may read the secret with the credentials of Twilio and Airtable. */
  readonly readsCredentials: boolean;
}

/** Only these actions, on only these tables, indexes, queues and connections. */
export const INBOX_PERMISSIONS: Readonly<Record<InboxFunctionName, InboxPermissions>> = {
  'inbox-api': {
    inbox: {
      actions: [...BATCH_READS, ...WRITES],
      indexes: [BY_ACTIVITY, BY_CHANGE, ATTENTION, BY_ADDRESS],
    },
    writesOnly: null,
    // It adds customers as `crm` does, with a claim on their numbers.
    replica: { actions: [...BATCH_READS, ...BATCH_WRITES], indexes: [BY_OWNER] },
    // It says who opted out, and sends to none of them.
    optOuts: { actions: ['Query'], indexes: [] },
    // The first sign-in of a worker has the index built.
    enqueues: true,
    connections: ['POST'],
    startsSync: true,
    readsCredentials: true,
  },
  'inbox-events': {
    // It lists a worker's chats and the chats without a worker. Others name chats by their SIDs.
    inbox: { actions: [...READS, 'BatchGetItem', ...WRITES], indexes: [BY_ACTIVITY, ATTENTION] },
    writesOnly: null,
    // Names of customers, and whose they are.
    replica: { actions: BATCH_READS, indexes: [] },
    optOuts: null,
    // The next page of a worker's chats is an event of its own.
    enqueues: true,
    // It closes the connections of a removed worker.
    connections: ['POST', 'DELETE'],
    startsSync: true,
    readsCredentials: true,
  },
  // Anyone who has its address can call it, so it holds no credentials.
  'inbox-live': {
    inbox: { actions: [...READS, 'PutItem', 'DeleteItem'], indexes: [] },
    // It writes tickets and connections, and only reads workers.
    writesOnly: [INBOX_KEYS.ticket('*').pk, INBOX_KEYS.connectionOwner('*').pk, workerPartition('*')],
    replica: null,
    optOuts: null,
    enqueues: false,
    connections: ['POST'],
    startsSync: false,
    readsCredentials: false,
  },
};
