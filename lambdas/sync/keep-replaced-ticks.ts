import { handTickEvent, handTickEvents, isTickedByHand } from '../opt-out/hand-tick';
import type { SyncState } from '../replica/replica-store';
import { losesAddress, type Moving } from './keep-waiting-events';
import { readBase, type SyncRun } from './sync-run';

type ColumnIds = NonNullable<SyncState['schemaIds']>;

/**
 * Replacing a renamed or deleted column by a new blank one of the same name removes every tick or number in it,
 * although no person removed one. A tick that a person set then becomes an event, as when its customer leaves.
 */
export async function keepReplacedTicks(
  run: SyncRun,
  changes: readonly Moving[],
  readAt: number,
): Promise<void> {
  const losses = changes.filter(
    (change) =>
      change.stored.optOutCell !== 'no' &&
      (change.mapped.customer.optOutCell === 'no' || losesAddress(change)),
  );
  if (losses.length === 0) return;
  const ownTicks = await run.optOuts.ownTicks(losses.map(({ stored }) => stored.recordId));
  const ofHand = losses.filter(({ stored }) => isTickedByHand(stored, ownTicks.has(stored.recordId)));
  const replaced = ofHand.length === 0 ? null : await findReplaced(run);
  if (replaced === null) return;
  for (const change of ofHand) await keepTick(run, change, replaced, readAt);
}

interface Replaced {
  readonly optOut: boolean;
  readonly numbers: boolean;
}

/** Null where every column is the same as at the last pass, or where that is unknown. */
async function findReplaced(run: SyncRun): Promise<Replaced | null> {
  const { schemaIds: before } = await run.store.readState();
  if (before === null) return null;
  const now = (await readBase(run, (base) => base.readSchema()))?.schemaIds;
  if (now === undefined) return null;
  const optOut = before.optOut !== null && before.optOut !== now.optOut;
  const current = numberColumns(now);
  const numbers = numberColumns(before).some((id) => id !== null && !current.includes(id));
  return optOut || numbers ? { optOut, numbers } : null;
}

function numberColumns({ sms, whatsapp }: ColumnIds) {
  return [sms, whatsapp];
}

async function keepTick(
  { optOuts }: SyncRun,
  { stored: { customer }, mapped }: Moving,
  replaced: Replaced,
  readAt: number,
): Promise<void> {
  const isTickLost = replaced.optOut && mapped.customer.optOutCell === 'no';
  const kept = new Set(mapped.customer.addressKeys);
  const lost = customer.addressKeys.filter((key) => !kept.has(key));
  if (!isTickLost && !(replaced.numbers && lost.length > 0)) return;
  const events = handTickEvents(isTickLost ? customer : withKeys(customer, lost), readAt);
  for (const { address, event } of events) await optOuts.record(address, event);
  if (!isTickLost) return;
  // The numbers of an unreadable cell are unknown: the event is kept under the record itself.
  const ofRecord =
    events.length > 0 ? events.map(({ event }) => event) : [handTickEvent(customer.recordId, 'sms', readAt)];
  for (const event of ofRecord) await optOuts.recordFor([customer.recordId], event);
}

/** The customer with only these addresses. */
function withKeys(customer: Moving['stored']['customer'], addressKeys: typeof customer.addressKeys) {
  return { ...customer, sms: null, whatsapp: null, addressKeys };
}
