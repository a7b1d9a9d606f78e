import { forEachAtOnce } from '../concurrency/at-once';
import type { Customer, MappedCustomer } from '../customers/customer';
import { errorMessage, isKnownError } from '../errors';
import { LeaseLostError, type StoredCustomer } from '../replica/replica-store';
import { keepEarlierEvents } from './keep-earlier-events';
import { keepReplacedTicks } from './keep-replaced-ticks';
import { keepWaitingEvents, type Moving } from './keep-waiting-events';
import { columnsToProve, requireColumns } from './required-columns';
import type { ReadRecords } from './sync-base';
import type { SyncRun } from './sync-run';

/** Parallel writes to the database: one takes some milliseconds, and Airtable returns 400 records a second. */
const WRITES_AT_ONCE = 24;

export interface ApplyOptions {
  /** Whether a record with equal content is marked as read again. */
  readonly refresh: boolean;
  /**
   * Which writes require the guard's columns to exist: those that remove something, or all that change something. The
   * second also prevents missing an opt-out that a person sets while its column has another name.
   */
  readonly proves: 'losses' | 'changes';
  /** Skips looking for the events of customers who have none. @default every customer may have events */
  readonly mayHaveEvents?: (customer: Customer) => boolean;
}

export interface Applied {
  readonly customer: Customer;
  readonly outcome: 'written' | 'unchanged' | 'outdated';
}

/**
 * Puts records into the replica. A record that cannot be mapped or written is reported and stays unchanged.
 * @throws {RequiredColumnsMissingError} before anything is written.
 */
export async function applyRecords(
  run: SyncRun,
  { records, readAt }: ReadRecords,
  options: ApplyOptions,
): Promise<Applied[]> {
  const read = records.flatMap((record) => {
    if ('mapped' in record) return [record.mapped];
    run.report.recordFaults.set(record.recordId, record.fault);
    return [];
  });
  if (read.length === 0) return [];
  const stored = await run.store.customersByRecordId(read.map(({ customer }) => customer.recordId));
  const mapped = read.map((each) => keepKnownNumbers(each, stored.get(each.customer.recordId)));
  for (const { customer, lacksNumbers } of mapped) {
    if (lacksNumbers === true) run.report.recordFaults.set(customer.recordId, 'a number cell holds no text');
  }
  const changes = mapped.flatMap((each): Moving[] => {
    const known = stored.get(each.customer.recordId);
    return known === undefined ? [] : [{ stored: known, mapped: each }];
  });
  await requireColumns(run, [
    ...changes.flatMap((change) => columnsToProve(run, change)),
    ...(options.proves === 'changes' && mapped.some((each) => isChanged(each, stored))
      ? run.settings.guardColumns
      : []),
  ]);
  await keepReplacedTicks(run, changes, readAt);
  await keepWaitingEvents(run, changes);
  const arriving = mapped.map((each) => ({
    mapped: each,
    stored: stored.get(each.customer.recordId) ?? null,
  }));
  await keepEarlierEvents(run, arriving, options.mayHaveEvents ?? (() => true));
  const applied: Applied[] = [];
  await forEachAtOnce(mapped, WRITES_AT_ONCE, async (each) => {
    const outcome = await put(run, each, readAt, stored.get(each.customer.recordId) ?? null, options.refresh);
    if (outcome !== null) applied.push({ customer: each.customer, outcome });
  });
  return applied;
}

/**
 * A number cell that holds a formula's error, or links to records, is not blank. The customer keeps the numbers that
 * the replica knows; otherwise an opt-out that a person ticked would apply to no number.
 */
function keepKnownNumbers(mapped: MappedCustomer, stored: StoredCustomer | undefined): MappedCustomer {
  if (stored === undefined || mapped.lacksNumbers !== true) return mapped;
  const { customer } = mapped;
  return {
    ...mapped,
    customer: {
      ...customer,
      addressKeys: [...new Set([...customer.addressKeys, ...stored.addressKeys])],
      digitTails: [...new Set([...customer.digitTails, ...stored.digitTails])],
    },
  };
}

function isChanged({ customer, hash }: MappedCustomer, stored: ReadonlyMap<string, StoredCustomer>): boolean {
  return stored.get(customer.recordId)?.hash !== hash;
}

async function put(
  { store, report }: SyncRun,
  mapped: MappedCustomer,
  readAt: number,
  stored: StoredCustomer | null,
  refresh: boolean,
): Promise<Applied['outcome'] | null> {
  const { recordId } = mapped.customer;
  try {
    const result = await store.putCustomer({ ...mapped, readAt, stored, refresh });
    if (result.outcome === 'written') {
      report.customersWritten += 1;
      if (result.trimmed.length > 0) {
        report.warnings.push(`${recordId} is too large: left out ${result.trimmed.join(', ')}`);
      }
    }
    return result.outcome;
  } catch (error) {
    if (endsRun(error)) throw error;
    report.recordFaults.set(recordId, errorMessage(error));
    return null;
  }
}

/** Whether an error concerns the database or the lease, and not only the one record. */
function endsRun(error: unknown): boolean {
  return error instanceof LeaseLostError || isKnownError(error);
}
