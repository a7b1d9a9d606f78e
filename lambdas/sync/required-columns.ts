import { losesAddress, type Moving } from './keep-waiting-events';
import type { RequiredColumn } from './sync-base';
import { readBase, type SyncRun } from './sync-run';

/** Required columns are missing, so blank cells prove nothing. Ends the run; nothing was removed. */
export class RequiredColumnsMissingError extends Error {
  override readonly name = 'RequiredColumnsMissingError';

  constructor(readonly columns: readonly string[]) {
    super(
      `The Customers table lacks the columns ${columns.join(', ')}: give them their names back. ` +
        'Until then sync removes nothing from the replica.',
    );
  }
}

/**
 * Checks by name that the columns exist, after the read whose blank cells are to be trusted.
 * @throws {RequiredColumnsMissingError}
 */
export async function requireColumns(run: SyncRun, columns: Iterable<RequiredColumn>): Promise<void> {
  const required = [...new Set(columns)];
  if (required.length === 0) return;
  const missing = await readBase(run, (base) => base.missingColumns(required));
  if (missing.length > 0) throw new RequiredColumnsMissingError(missing);
}

/** The columns that must exist to prove that the record really lost what the write would remove. */
export function columnsToProve({ settings }: Pick<SyncRun, 'settings'>, change: Moving): RequiredColumn[] {
  const { stored, mapped } = change;
  const { customer } = mapped;
  const losesOptOut = stored.optOutCell !== 'no' && customer.optOutCell === 'no';
  return [
    ...(losesOptOut || losesAddress(change) ? settings.guardColumns : []),
    ...(stored.owner !== null && customer.owner === null ? (['owner'] as const) : []),
    ...(stored.customer.name !== null && customer.name === null ? (['name'] as const) : []),
  ];
}
