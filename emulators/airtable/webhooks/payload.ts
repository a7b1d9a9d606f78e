import type { Action, TableChanges } from '../actions';

/**
 * A webhook's payload for one action (airtable.md#webhook-payloads). Left out are the author and the cells, because the
 * service reads the records again.
 */
export interface Payload {
  readonly timestamp: string;
  readonly baseTransactionNumber: number;
  readonly payloadFormat: 'v0';
  readonly changedTablesById?: Readonly<Record<string, object>>;
  readonly destroyedTableIds?: readonly string[];
  readonly error?: true;
  readonly code?: string;
}

export function payloadOf({ changes, at, baseTransactionNumber }: Action): Payload {
  const changed = [...changes.tables].map(([id, table]) => [id, tableChanges(table)] as const);
  const destroyed = [...changes.destroyedTableIds];
  return {
    timestamp: at.toISOString(),
    baseTransactionNumber,
    payloadFormat: 'v0',
    ...(changed.length > 0 && { changedTablesById: Object.fromEntries(changed) }),
    ...(destroyed.length > 0 && { destroyedTableIds: destroyed }),
  };
}

function tableChanges({ created, changed, destroyed }: TableChanges): object {
  const createdRecordsById = Object.fromEntries(
    [...created].map(([id, { createdTime }]) => [id, { createdTime }]),
  );
  const changedRecordsById = Object.fromEntries([...changed].map((id) => [id, {}]));
  return {
    ...(created.size > 0 && { createdRecordsById }),
    ...(changed.size > 0 && { changedRecordsById }),
    ...(destroyed.size > 0 && { destroyedRecordIds: [...destroyed.keys()] }),
  };
}
