import type { CustomerDirectory } from '../customer-directory/customer-directory';
import { ConversationWithoutWorker, CredentialsRefused, NotFound } from '../errors/errors';
import type { Journal } from '../journal/journal';
import type { Address } from '../phone-number/address';
import { type AskAvailability, chooseWorkers } from './choose-worker';

/** What routing needs of the world. */
export interface RoutingMeans {
  readonly directory: CustomerDirectory;
  readonly defaultWorkers: readonly string[];
  readonly askAvailability: AskAvailability;
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
  const { directory, defaultWorkers, askAvailability, journal } = means;
  const owner = address && (await orElse(null, findOwner(address, directory), journal));
  const first = await chooseWorkers({ conversationSid, owner, standIns: defaultWorkers }, askAvailability);
  if (await addFirst(first, means)) return;

  const known = await orElse([], directory.listOwners(), journal);
  const untried = known.filter((identity) => !first.includes(identity));
  const others = await chooseWorkers({ conversationSid, owner: null, standIns: untried }, askAvailability);
  if (!(await addFirst(others, means))) throw withoutWorker();
}

async function findOwner(address: Address, directory: CustomerDirectory): Promise<string | null> {
  const [customer] = await directory.findByAddress([address]);
  return customer?.owner ?? null;
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

async function orElse<T>(fallback: T, work: Promise<T>, journal: Journal): Promise<T> {
  try {
    return await work;
  } catch (error) {
    journal.warn(`Routing goes on without the customer directory: ${reasonOf(error)}`);
    return fallback;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function withoutWorker(cause?: unknown): ConversationWithoutWorker {
  return new ConversationWithoutWorker(
    'The conversation has no worker: add one in the Twilio console; the warnings say what went wrong',
    { cause },
  );
}
