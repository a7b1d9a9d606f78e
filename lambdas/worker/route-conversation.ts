import type { CustomerRepository } from '../customers/customer-repository';
import { ConversationWithoutWorker, CredentialsRefused, NotFound, reasonOf } from '../errors/errors';
import type { Journal } from '../journal/journal';
import type { Address } from '../phone-number/address';
import { type AskAvailability, chooseWorkers } from './choose-worker';

/** What routing needs of the world. */
export interface RoutingMeans {
  /** Called for each question, so that a late one has time of its own. */
  readonly openDirectory: () => CustomerRepository;
  readonly defaultWorkers: readonly string[];
  readonly askAvailability: AskAvailability;
  /** The identities of those workers who are in the conversation already. */
  readonly workersPresent: () => Promise<readonly string[]>;
  /** Adds a worker to the conversation; one who is in it already is success. */
  readonly addWorker: (identity: string) => Promise<void>;
  readonly journal: Journal;
}

/**
 * Gives a conversation a worker, whatever else fails: one that has none is seen by nobody, and blocks others.
 * @param address the customer's; null where it is none that a customer can have.
 * @throws {NotFound} when the conversation is gone or closed and needs nobody.
 * @throws {ConversationWithoutWorker} when nobody could be added.
 */
export async function routeConversation(
  conversationSid: string,
  address: Address | null,
  means: RoutingMeans,
): Promise<void> {
  const { openDirectory, defaultWorkers, askAvailability, workersPresent, journal } = means;
  // Twilio may ask twice, and the first time may have ended with another choice.
  const [present, owner] = await Promise.all([
    orElse([], workersPresent(), journal),
    address && orElse(null, findOwner(address, openDirectory()), journal),
  ]);
  if (present.length > 0) return;

  const hasLeft =
    owner !== null && defaultWorkers.length === 0 && (await askAvailability(owner)) === 'deactivated';
  const first = await chooseWorkers(
    { conversationSid, owner: hasLeft ? null : owner, standIns: defaultWorkers },
    askAvailability,
  );
  if (await addFirst(first, means)) return;

  const known = await orElse([], openDirectory().listOwners(), journal);
  const untried = known.filter((identity) => identity !== owner && !first.includes(identity));
  const others = await chooseWorkers({ conversationSid, owner: null, standIns: untried }, askAvailability);
  if (!(await addFirst(hasLeft ? [...others, owner] : others, means))) throw withoutWorker();
}

async function findOwner(address: Address, directory: CustomerRepository): Promise<string | null> {
  const customers = await directory.findByAddress([address]);
  return customers.find(({ owner }) => owner !== null)?.owner ?? null;
}

async function addFirst(
  identities: readonly string[],
  { addWorker, journal }: RoutingMeans,
): Promise<boolean> {
  for (const identity of identities) {
    try {
      await addWorker(identity);
      journal.about({ worker: identity });
      return true;
    } catch (error) {
      if (error instanceof NotFound) throw error;
      if (error instanceof CredentialsRefused) throw withoutWorker(error);
      journal.warn(`${identity} could not be added: ${reasonOf(error)}`);
    }
  }
  return false;
}

/** What the work brings, or the fallback: of what routing would like to know, nothing is worth failing for. */
async function orElse<T>(fallback: T, work: Promise<T>, journal: Journal): Promise<T> {
  try {
    return await work;
  } catch (error) {
    journal.warn(`Routing goes on without an answer: ${reasonOf(error)}`);
    return fallback;
  }
}

function withoutWorker(cause?: unknown): ConversationWithoutWorker {
  return new ConversationWithoutWorker(
    'The conversation has no worker: add one in the Twilio console; the warnings say what went wrong',
    { cause },
  );
}
