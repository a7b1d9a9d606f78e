import { setTimeout as pause } from 'node:timers/promises';
import type { CustomerRepository } from '../customers/customer-repository';
import { errorMessage, ServiceUnavailableError } from '../errors';
import type { Deadline } from '../http-client/deadline';
import type { Address } from '../phone-number/address';
import { SERVICE_METRICS } from '../telemetry/metric-names';
import type { RequestLog } from '../telemetry/request-log';
import type { OptOutEvent, OptOutStore } from './opt-out-store';

/** The dependencies of recording an opt-out or opt-in. */
export interface RecordMeans {
  /** Called for each attempt, so that a hanging attempt does not use up the time. */
  readonly openOptOuts: (deadline: Deadline) => OptOutStore;
  readonly openCustomers: () => CustomerRepository;
  /** Starts a run of sync, which ticks the customer in Airtable. */
  readonly startSync: () => Promise<void>;
  readonly deadline: Deadline;
  readonly requestLog: RequestLog;
}

const ATTEMPT_MS = 1_000;
const WAIT_MS = 150;

/**
 * Records a customer's opt-out or opt-in. Only one put under the address is essential; it is retried until the
 * deadline. Copies under the customers' records, the counts and the tick in Airtable are made now if possible,
 * otherwise by `sync`.
 * @throws {ServiceUnavailableError} when the event could not be recorded.
 */
export async function recordOptOut(address: Address, event: OptOutEvent, means: RecordMeans): Promise<void> {
  const outcome = await keep(address, event, means);
  await Promise.all([
    bestEffort(event, means, copyToCustomers(address, event, outcome, means)),
    bestEffort(event, means, means.startSync()),
  ]);
}

/** A failure or timeout here must not look as if the event were lost. */
async function bestEffort(
  { kind }: OptOutEvent,
  { deadline, requestLog }: RecordMeans,
  work: Promise<void>,
): Promise<void> {
  try {
    await deadline.race(work);
  } catch (error) {
    requestLog.warn(`The ${kind} is recorded; sync does the rest later: ${errorMessage(error)}`);
  }
}

async function keep(
  { text }: Address,
  event: OptOutEvent,
  { openOptOuts, deadline }: RecordMeans,
): Promise<'recorded' | 'known'> {
  for (;;) {
    try {
      return await openOptOuts(deadline.within(ATTEMPT_MS)).record(text, event);
    } catch (error) {
      if (deadline.remainingMilliseconds <= WAIT_MS) {
        throw new ServiceUnavailableError(`The ${event.kind} could not be recorded`, 5, { cause: error });
      }
      await pause(WAIT_MS);
    }
  }
}

/**
 * An opt-out applies to every customer who may have the address, because one customer too many is safe. An opt-in
 * applies only to those whose number is readable and the same.
 */
async function copyToCustomers(
  address: Address,
  event: OptOutEvent,
  outcome: 'recorded' | 'known',
  { openCustomers, openOptOuts, deadline, requestLog }: RecordMeans,
): Promise<void> {
  const isOptOut = event.kind === 'opt-out';
  const customers = isOptOut
    ? await openCustomers().findPossiblyAt([address])
    : await openCustomers().findByAddress([address]);
  // A repeat of the same event counts once.
  if (outcome === 'recorded') count(event, customers.length, requestLog);
  if (customers.length === 0) return;
  await openOptOuts(deadline).recordFor(
    customers.map(({ recordId }) => recordId),
    event,
  );
}

function count({ kind }: OptOutEvent, customers: number, requestLog: RequestLog): void {
  requestLog.countEvent(kind === 'opt-out' ? SERVICE_METRICS.optOuts : SERVICE_METRICS.optIns, customers);
  if (kind === 'opt-in' || customers > 0) return;
  requestLog.countEvent(SERVICE_METRICS.optOutsWithoutCustomer);
  requestLog.warn('Recorded an opt-out from an address that no customer has; it takes effect');
}
