import { printableLine } from '../../lambdas/characters/visible-text';
import type { CountryCode } from '../../lambdas/phone-number/address';
import type { StartSync } from '../../lambdas/sync/sync-event';
import type { Approval } from '../plan/apply';
import type { ConsoleOutput } from '../terminal/console-output';
import { UsageError } from '../terminal/usage-error';
import {
  type LiftStores,
  liftOptOuts,
  type OptOutsOfAddress,
  readAddress,
  readOptOuts,
} from './lift-opt-out';

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
      `"${printableLine(lift.address)}" is not a valid address. Expected a number such as +14155550123, or an address from npm run opt-outs -- list`,
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
    'npm run opt-outs -- list shows every opted-out address; copy the address from there',
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
