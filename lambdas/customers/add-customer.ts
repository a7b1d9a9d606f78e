import { setTimeout as pause } from 'node:timers/promises';
import { BadRequestError, ServiceUnavailableError } from '../errors';
import type { Deadline } from '../http-client/deadline';
import type { AddressKey } from '../phone-number/address';
import { addressesOf, type Customer, displayName } from './customer';
import type { CustomerRepository, CustomerWriter, NewCustomer } from './customer-repository';

/** The right to create a customer with some addresses. */
interface Claim {
  release(): Promise<void>;
}

export interface AddingMeans {
  readonly customers: Pick<CustomerRepository, 'findByAddress'>;
  readonly writer: Pick<CustomerWriter, 'createCustomer'>;
  /** Claims all of the addresses for this request; null where another request has claimed one of them. */
  readonly claim: (keys: readonly AddressKey[]) => Promise<Claim | null>;
  readonly deadline: Deadline;
}

/** Interval between checks whether the request that holds the claim is done. */
const LOOK_MS = 150;
/** With less time left than for another check, the response asks the worker to look for the customer in a minute. */
const LAST_LOOK_MS = 700;

/**
 * Adds a customer, unless one with such a number exists: a number that two customers share cannot be routed.
 * A repeated request, sequential or concurrent, gets the customer that the first one created.
 * @throws {BadRequestError} with a message for the worker, when the number is taken.
 * @throws {ServiceUnavailableError} when another request is adding such a customer and is not done in time.
 */
export async function addCustomer(wanted: NewCustomer, means: AddingMeans): Promise<Customer> {
  const keys = addressesOf(wanted).map(({ key }) => key);
  for (;;) {
    const existing = await findExisting(wanted, means);
    if (existing !== null) return existing;
    const claim = await means.claim(keys);
    if (claim !== null) return createClaimed(wanted, claim, means);
    if (means.deadline.remainingMilliseconds <= LAST_LOOK_MS) throw beingAdded();
    await pause(LOOK_MS);
  }
}

async function createClaimed(wanted: NewCustomer, claim: Claim, means: AddingMeans): Promise<Customer> {
  // A customer that may be in Airtable but not yet in the replica keeps its claim, which expires.
  let mayExistUnseen = false;
  try {
    const existing = await findExisting(wanted, means);
    if (existing !== null) return existing;
    mayExistUnseen = true;
    const { customer, isInReplica } = await means.writer.createCustomer(wanted);
    mayExistUnseen = !isInReplica;
    return customer;
  } catch (error) {
    if (!(error instanceof CreationUnknownError)) mayExistUnseen = false;
    throw error;
  } finally {
    if (!mayExistUnseen) await claim.release().catch(() => {});
  }
}

/** The response to a creation was lost: whether the customer exists is unknown. */
export class CreationUnknownError extends ServiceUnavailableError {}

/** @throws {BadRequestError} when another customer has one of the addresses. */
async function findExisting(wanted: NewCustomer, { customers }: AddingMeans): Promise<Customer | null> {
  const [taken] = await customers.findByAddress(addressesOf(wanted));
  if (taken === undefined) return null;
  if (taken.owner === wanted.owner && isSame(taken, wanted)) return taken;
  const whose =
    taken.owner === wanted.owner ? `your customer ${displayName(taken)}` : "a colleague's customer";
  throw new BadRequestError('parameter', 'Channels holds a number that another customer has', {
    userMessage: `This number belongs to ${whose} already.`,
  });
}

function isSame(customer: Customer, wanted: NewCustomer): boolean {
  return (
    customer.name === wanted.name && customer.sms === wanted.sms && customer.whatsapp === wanted.whatsapp
  );
}

function beingAdded(): ServiceUnavailableError {
  return new ServiceUnavailableError('Another request is adding a customer with this number', 5, {
    userMessage: 'A customer with this number is just being added. Please look for them in a minute.',
  });
}
