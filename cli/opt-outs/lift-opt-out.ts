import { printableLine } from '../../lambdas/characters/visible-text';
import { type OptOutEvent, type OptOutStore, partitionsOf } from '../../lambdas/opt-out/opt-out-store';
import {
  type Address,
  type Channel,
  type CountryCode,
  digitTailOf,
  spellingsOf,
} from '../../lambdas/phone-number/address';
import type { ReplicaStore, StoredCustomer } from '../../lambdas/replica/replica-store';
import type { StartSync } from '../../lambdas/sync/sync-event';
import { UsageError } from '../../lib/user-error';
import type { Approval } from '../plan/apply';
import type { ConsoleOutput } from '../terminal/console-output';
import { currentOptOuts } from './opt-out-events';
import { readAddress } from './read-address';

/** The stores of a lift. */
interface LiftStores {
  readonly optOuts: Pick<OptOutStore, 'eventsOf' | 'ownTicks' | 'record' | 'recordFor'>;
  readonly replica: Pick<ReplicaStore, 'recordIdsAt' | 'customersByRecordId'>;
}

/** The opt-outs of an address, to show before they are lifted. */
interface OptOutsOfAddress {
  readonly address: Address;
  /** The spellings under which events may be stored. */
  readonly spellings: readonly string[];
  readonly customers: readonly StoredCustomer[];
  /** Every event that applies to the address. */
  readonly events: readonly OptOutEvent[];
  /** The channels that are opted out in any part, each with the event that opted it out. */
  readonly current: ReadonlyMap<Channel, OptOutEvent>;
}

/** Reads the opt-outs of an address and the customers who have it. */
async function readOptOuts(address: Address, stores: LiftStores): Promise<OptOutsOfAddress> {
  const { optOuts, replica } = stores;
  const spellings = [...new Set([...spellingsOf(address.key), address.text])];
  const ownEvents = await optOuts.eventsOf(spellings);
  const recordIds = await replica.recordIdsAt([address.key], []);
  const customers = [
    ...(await replica.customersByRecordId(recordIds)).values(),
    ...(await customersWithCopies(address, ownEvents, stores)),
  ];
  const eventsOfParts = [ownEvents];
  for (const customer of customers) {
    eventsOfParts.push(await optOuts.eventsOf(partitionsOf(customer)));
    eventsOfParts.push(await optOuts.eventsOf([customer.recordId]));
  }
  return { address, spellings, customers, events: eventsOfParts.flat(), current: optedOutIn(eventsOfParts) };
}

/**
 * Customers with an unreadable number cell who got a copy of this address's STOP because the cell ends in the same
 * digits. A customer who is also opted out by another number's STOP stays opted out.
 */
async function customersWithCopies(
  { key }: Address,
  ownEvents: readonly OptOutEvent[],
  { optOuts, replica }: LiftStores,
): Promise<readonly StoredCustomer[]> {
  const tail = digitTailOf(key);
  if (tail === null) return [];
  const known = new Set(await replica.recordIdsAt([key], []));
  const recordIds = (await replica.recordIdsAt([], [tail])).filter((recordId) => !known.has(recordId));
  const ownIds = new Set(ownEvents.map(({ id }) => id));
  const withCopies: string[] = [];
  for (const recordId of recordIds) {
    const events = await optOuts.eventsOf([recordId]);
    const isCopy = events.every(({ kind, id }) => kind === 'opt-in' || ownIds.has(id));
    if (events.length > 0 && isCopy) withCopies.push(recordId);
  }
  return [...(await replica.customersByRecordId(withCopies)).values()];
}

/**
 * The channels that are opted out in any part, each with the event that opted it out. One part is enough, so that the
 * next lift completes an interrupted one.
 */
function optedOutIn(parts: readonly (readonly OptOutEvent[])[]): ReadonlyMap<Channel, OptOutEvent> {
  const current = new Map<Channel, OptOutEvent>();
  for (const [channel, event] of parts.flatMap((events) => [...currentOptOuts(events)])) {
    const known = current.get(channel);
    if (known === undefined || Date.parse(event.at) < Date.parse(known.at)) current.set(channel, event);
  }
  return current;
}

/**
 * Lifts the opt-outs: records events under the customers' record ids and every spelling of the address. Their time is
 * later than that of each event that they lift, even if this machine's clock is behind.
 * @param id the same for a retry of the same lift
 */
async function liftOptOuts(
  { spellings, customers, events, current }: OptOutsOfAddress,
  { reason, now, id }: { readonly reason: string; readonly now: number; readonly id: string },
  { optOuts }: LiftStores,
): Promise<void> {
  const times = events.flatMap(({ at }) => (Number.isNaN(Date.parse(at)) ? [] : Date.parse(at) + 1));
  const at = new Date(Math.max(now, ...times)).toISOString();
  for (const channel of current.keys()) {
    const event: OptOutEvent = {
      kind: 'opt-in',
      channel,
      keyword: `lifted: ${reason}`,
      at,
      id: `${id}-${channel}`,
    };
    await optOuts.recordFor(
      customers.map(({ recordId }) => recordId),
      event,
    );
    for (const spelling of spellings) await optOuts.record(spelling, event);
  }
}

/** The address to lift, with its stores. */
export interface RunLift {
  /** As typed. */
  readonly address: string;
  readonly reason: string;
  readonly stores: LiftStores;
  /** Starts sync, which clears the checkbox in Airtable. */
  readonly startSync: StartSync;
  /** The default country of numbers without a country code. */
  readonly country: CountryCode;
  readonly screen: ConsoleOutput;
  readonly approval: Approval;
  readonly now: () => number;
  readonly newId: () => string;
}

/**
 * Shows the opt-outs of an address and lifts them after approval.
 * @returns the exit status: 1 if nothing was lifted
 * @throws {UsageError} for a text that is not an address
 */
export async function runLift(lift: RunLift): Promise<number> {
  const { screen, approval, stores } = lift;
  const address = readAddress(lift.address, lift.country);
  if (address === null) {
    throw new UsageError(
      `"${printableLine(lift.address)}" is not a valid address. Expected a number such as +14155550123, or an address from npx frontline opt-outs list`,
    );
  }
  const known = await readOptOuts(address, stores);
  if (known.current.size === 0) {
    explainNoOptOut(known, screen);
    return 1;
  }
  screen.heading(`Opt-outs of ${address.text}`);
  for (const [channel, { keyword, at }] of known.current) {
    screen.plan(`Lift the opt-out on ${CHANNEL_NAME[channel]}: ${printableLine(keyword)}, since ${at}`);
  }
  const names = namesOf(known);
  if (names !== '') screen.detail(`for ${names}`);
  const message = 'Lift them? Messages to this address are then allowed again';
  if (approval.kind === 'dry-run') return 0;
  if (approval.kind === 'asked' && !(await approval.prompts.confirm(message))) return 1;
  await liftOptOuts(known, { reason: lift.reason, now: lift.now(), id: lift.newId() }, stores);
  screen.pass(`Lifted: ${printableLine(lift.reason)}`);
  await explainCheckboxes(known, lift);
  await triggerSync(lift);
  return 0;
}

const CHANNEL_NAME = { sms: 'SMS', whatsapp: 'WhatsApp' } as const;

function explainNoOptOut({ address, events, customers }: OptOutsOfAddress, screen: ConsoleOutput): void {
  const ticked = customers.filter(({ optOutCell }) => optOutCell !== 'no');
  if (ticked.length > 0) {
    screen.fail(
      `${address.text} sent no STOP; opt_out in Airtable opts it out`,
      `Clear opt_out in Airtable for ${namesOf({ customers: ticked })}`,
    );
    return;
  }
  screen.fail(
    events.length === 0
      ? `${address.text} has no opt-out`
      : `${address.text} is not opted out: its last opt-out was already lifted`,
    'npx frontline opt-outs list shows every opted-out address; copy the address from there',
  );
}

/** Names checkboxes that a person ticked, because the service does not clear them and they still block messages. */
async function explainCheckboxes(
  { customers }: OptOutsOfAddress,
  { stores, screen }: RunLift,
): Promise<void> {
  const ticked = customers.filter(({ optOutCell }) => optOutCell !== 'no');
  const ours = await stores.optOuts.ownTicks(ticked.map(({ recordId }) => recordId));
  const others = ticked.filter(({ recordId, optOutCell }) => optOutCell === 'unclear' || !ours.has(recordId));
  if (others.length < ticked.length) screen.detail('opt_out in Airtable is cleared within a minute');
  if (others.length === 0) return;
  screen.limited(
    `opt_out in Airtable still blocks messages to ${namesOf({ customers: others })}, because a person set it`,
    'Clear the cell in Airtable',
  );
}

function namesOf({ customers }: Pick<OptOutsOfAddress, 'customers'>): string {
  return customers
    .map(({ customer, recordId }) => printableLine(customer.name ?? `record ${recordId}`))
    .join(', ');
}

/** Best effort: the event is stored, and at the latest the schedule writes it to Airtable. */
async function triggerSync({ startSync, screen }: RunLift): Promise<void> {
  try {
    await startSync({ run: 'changes' });
  } catch {
    screen.detail('Sync could not be started; the next scheduled run updates Airtable within minutes');
  }
}
