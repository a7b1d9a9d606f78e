import { type DynamoDbEmulator, startDynamoDb } from '../../emulators/dynamodb/dynamodb-emulator';
import { INBOX_TABLE } from '../../lambdas/inbox/store/inbox-table';
import type { ReplicaStore } from '../../lambdas/replica/replica-store';
import { OPT_OUT_TABLE, REPLICA_TABLE } from '../../lambdas/replica/tables';
import { UserError } from '../../lib/user-error';
import { listenOnPort, nextPort } from './listen-on-port';

/** The names of the local tables. */
export const TABLE_NAMES = { replica: 'Replica', optOuts: 'OptOuts', inbox: 'Inbox' } as const;

/**
 * Starts DynamoDB with the replica, the opt-outs and the inbox's index.
 * @param directory the folder in which they are stored; null: in memory
 * @throws {UserError} if the folder cannot be opened, most likely because another process has it open
 */
export function startTables(port: number, directory: string | null): Promise<DynamoDbEmulator> {
  return listenOnPort('DynamoDB', nextPort(port, 4), (itsPort) => {
    const started = startDynamoDb({
      tables: {
        [TABLE_NAMES.replica]: REPLICA_TABLE,
        [TABLE_NAMES.optOuts]: OPT_OUT_TABLE,
        [TABLE_NAMES.inbox]: INBOX_TABLE,
      },
      port: itsPort,
      ...(directory !== null && { directory }),
    });
    return directory === null ? started : orInUse(started, directory);
  });
}

/** Handles a locked folder, because dynalite throws its error as an uncaught exception. */
async function orInUse<T>(started: Promise<T>, directory: string): Promise<T> {
  let onError = (_error: unknown) => {};
  const failed = new Promise<never>((_resolve, reject) => {
    onError = (error) => reject(tablesInUse(directory, error));
  });
  process.on('uncaughtException', onError);
  try {
    return await Promise.race([started, failed]);
  } finally {
    process.off('uncaughtException', onError);
  }
}

function tablesInUse(directory: string, cause: unknown): UserError {
  const fix = 'If another npx frontline start --live is running, stop it first.';
  return new UserError(`The tables in ${directory} cannot be opened. ${fix}`, { cause });
}

/** Longer than any lease lasts. */
const LATER_MS = 60 * 60_000;

/**
 * Releases the sync lease that an earlier `npm start` left when it ended during a run. No other process can hold it,
 * because only this process has the tables open, and no run has begun.
 */
export async function freeLease(store: ReplicaStore): Promise<void> {
  const lease = await store.acquireLease(Date.now() + LATER_MS);
  if (lease === null) return;
  // The next run also covers any run requested in the meantime.
  while ((await lease.release()) === 'again');
}
