import { forEachAtOnce } from '../concurrency/at-once';
import type { Customer } from '../customers/customer';
import { optedOutChannels, partitionsOf } from '../opt-out/opt-out-store';
import { applyRecords } from './apply-records';
import type { SyncRun } from './sync-run';
import { writeTicks } from './write-ticks';

const CUSTOMERS_AT_ONCE = 16;

/**
 * Reconciles the ticks of customers that were just read with their own opt-outs and opt-ins:
 * - Unticking by hand does not undo a STOP, so a customer who opted out is ticked again.
 * - Sync's own tick is removed where the customer's events no longer require it. A person's tick never is.
 * - An own tick that is gone is forgotten, or a person's later tick would count as sync's.
 * @param mayHaveEvents skips looking for the events of customers who have none.
 */
export async function reconcileTicks(
  run: SyncRun,
  customers: readonly Customer[],
  mayHaveEvents: (customer: Customer) => boolean = () => true,
): Promise<void> {
  if (customers.length === 0) return;
  const ownTicks = await run.optOuts.ownTicks(customers.map(({ recordId }) => recordId));
  const wrong = await findWrongTicks(run, customers, ownTicks, mayHaveEvents);
  if (wrong.forget.length > 0) await run.lease.renew(run.clock.now());
  for (const recordId of wrong.forget) await run.optOuts.setOwnTick(recordId, false);
  run.report.ticksRestored += await write(run, wrong.tick, true);
  await write(run, wrong.untick, false);
}

interface WrongTicks {
  readonly tick: readonly string[];
  readonly untick: readonly string[];
  readonly forget: readonly string[];
}

async function findWrongTicks(
  { optOuts }: SyncRun,
  customers: readonly Customer[],
  ownTicks: ReadonlySet<string>,
  mayHaveEvents: (customer: Customer) => boolean,
): Promise<WrongTicks> {
  const tick: string[] = [];
  const untick: string[] = [];
  const forget: string[] = [];
  await forEachAtOnce(customers, CUSTOMERS_AT_ONCE, async (customer) => {
    const { recordId, optOutCell } = customer;
    const isOurs = ownTicks.has(recordId);
    // A person's change of sync's own tick makes the cell the person's.
    if (optOutCell === 'unclear' && isOurs) forget.push(recordId);
    if (optOutCell === 'unclear' || (optOutCell === 'yes' && !isOurs)) return;
    const events = mayHaveEvents(customer) ? await optOuts.eventsOf(partitionsOf(customer)) : [];
    const isOptedOut = optedOutChannels(events).size > 0;
    if (optOutCell === 'no' && isOptedOut) tick.push(recordId);
    if (optOutCell === 'no' && !isOptedOut && isOurs) forget.push(recordId);
    if (optOutCell === 'yes' && !isOptedOut) untick.push(recordId);
  });
  return { tick, untick, forget };
}

/** Writes the cells, and puts the updated records into the replica. Returns how many are right. */
async function write(run: SyncRun, recordIds: readonly string[], ticked: boolean): Promise<number> {
  const { failures, reread } = await writeTicks(run, recordIds, ticked);
  for (const [recordId, reason] of failures) run.report.recordFaults.set(recordId, reason);
  for (const records of reread) await applyRecords(run, records, { refresh: true, proves: 'changes' });
  return recordIds.length - failures.size;
}
