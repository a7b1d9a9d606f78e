import { OPT_OUT_TABLE, REPLICA_TABLE } from '../../lambdas/replica/tables';
import { type DynamoDbEmulator, startDynamoDb } from '../dynamodb/dynamodb-emulator';
import { nextPort, onPort } from './on-port';

/** The names of the tables here. */
export const TABLE_NAMES = { replica: 'Replica', optOuts: 'OptOuts' } as const;

/** Starts DynamoDB with the replica and the opt-outs. @param directory where they are kept; null: in memory */
export function startTables(port: number, directory: string | null): Promise<DynamoDbEmulator> {
  return onPort('DynamoDB', nextPort(port, 4), (itsPort) =>
    startDynamoDb({
      tables: { [TABLE_NAMES.replica]: REPLICA_TABLE, [TABLE_NAMES.optOuts]: OPT_OUT_TABLE },
      port: itsPort,
      ...(directory !== null && { directory }),
    }),
  );
}
