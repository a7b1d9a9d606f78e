import { type DynamoDbEmulator, startDynamoDb } from '../../emulators/dynamodb/dynamodb-emulator';
import { OPT_OUT_TABLE, REPLICA_TABLE } from '../../lambdas/replica/tables';
import { listenOnPort, nextPort } from './listen-on-port';

/** The names of the tables here. */
export const TABLE_NAMES = { replica: 'Replica', optOuts: 'OptOuts' } as const;

/** The folder of the tables cannot be opened, most likely because another process has it open. */
export class TablesInUseError extends Error {
  override readonly name = 'TablesInUseError';

  constructor(directory: string, cause: unknown) {
    super(
      `The tables in ${directory} cannot be opened. Is another npm start -- --live running? End it first.`,
      {
        cause,
      },
    );
  }
}

/**
 * Starts DynamoDB with the replica and the opt-outs.
 * @param directory where they are kept; null: in memory
 * @throws {TablesInUseError}
 */
export function startTables(port: number, directory: string | null): Promise<DynamoDbEmulator> {
  return listenOnPort('DynamoDB', nextPort(port, 4), (itsPort) => {
    const started = startDynamoDb({
      tables: { [TABLE_NAMES.replica]: REPLICA_TABLE, [TABLE_NAMES.optOuts]: OPT_OUT_TABLE },
      port: itsPort,
      ...(directory !== null && { directory }),
    });
    return directory === null ? started : orInUse(started, directory);
  });
}

/** dynalite throws the error of a locked folder where nothing can catch it. */
async function orInUse<T>(started: Promise<T>, directory: string): Promise<T> {
  let onError = (_error: unknown) => {};
  const failed = new Promise<never>((_resolve, reject) => {
    onError = (error) => reject(new TablesInUseError(directory, error));
  });
  process.on('uncaughtException', onError);
  try {
    return await Promise.race([started, failed]);
  } finally {
    process.off('uncaughtException', onError);
  }
}
