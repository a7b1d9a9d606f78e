import { BY_OWNER, PENDING } from '../lambdas/replica/tables';
import type { ServiceFunctionName } from './function-names';
import { BATCH_READS, BATCH_WRITES, type TableUse } from './tables';

/** The permissions of a function beside writing its log. */
export interface FunctionPermissions {
  readonly replica: TableUse | null;
  readonly optOuts: TableUse | null;
  /** Whether it may start a run of sync. Sync itself does, to hand over requests that came while it ran. */
  readonly startsSync: boolean;
  /** Whether it may put events on the inbox's queue, if there is an inbox. */
  readonly enqueues: boolean;
  /** Whether it may find the inbox's chats with an address, if there is an inbox. */
  readonly findsChats: boolean;
  /** Whether it may read the secret with the credentials of Twilio and Airtable. */
  readonly readsCredentials: boolean;
}

/** A callback that reads customers, and starts the first pass if there was none. */
const READER: FunctionPermissions = {
  replica: { actions: BATCH_READS, indexes: [] },
  optOuts: null,
  startsSync: true,
  enqueues: false,
  findsChats: false,
  readsCredentials: true,
};

/**
 * The permissions of every function: only these actions, on only these tables and indexes.
 * @param webhookPartition the partition of the replica that holds Airtable's webhook and nothing else.
 */
export function functionPermissions(
  webhookPartition: string,
): Readonly<Record<ServiceFunctionName, FunctionPermissions>> {
  return {
    // The only one that lists customers. It puts and deletes the customers that it created and deleted in Airtable, and
    // holds a claim on the numbers while it creates. When it deletes a customer ticked by hand, it records the opt-out.
    crm: {
      ...READER,
      replica: { actions: [...BATCH_READS, ...BATCH_WRITES], indexes: [BY_OWNER] },
      optOuts: { actions: [...BATCH_READS, 'PutItem'], indexes: [] },
      // The chats of a deleted customer.
      enqueues: true,
      findsChats: true,
    },
    // Responds from its configuration alone.
    'outgoing-conversation': { ...READER, replica: null, startsSync: false },
    // Twilio reports no participant that routing adds by REST, so routing itself tells the inbox.
    routing: { ...READER, enqueues: true },
    templates: READER,
    // Records a STOP, and checks for one before a worker's message goes out.
    'twilio-conversations': {
      ...READER,
      optOuts: { actions: ['Query', 'PutItem'], indexes: [] },
      enqueues: true,
    },
    // It also handles unauthenticated requests, so it reads one item and holds no credentials.
    'airtable-webhook': {
      replica: { actions: ['GetItem'], indexes: [], partition: webhookPartition },
      optOuts: null,
      startsSync: true,
      enqueues: false,
      findsChats: false,
      readsCredentials: false,
    },
    sync: {
      replica: { actions: [...BATCH_READS, 'Scan', ...BATCH_WRITES], indexes: [] },
      optOuts: {
        actions: [...BATCH_READS, 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem'],
        indexes: [PENDING],
      },
      startsSync: true,
      // The chats of deleted customers.
      enqueues: true,
      findsChats: true,
      readsCredentials: true,
    },
  };
}
