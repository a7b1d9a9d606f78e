import { setTimeout as pause } from 'node:timers/promises';
import type { CustomerRepository } from '../customers/customer-repository';
import { errorMessage } from '../errors';
import type { Address } from '../phone-number/address';
import { SERVICE_METRICS } from '../telemetry/metric-names';
import type { RequestLog } from '../telemetry/request-log';
import { type AddingMeans, addFirstOf, ConversationNotFoundError, withoutWorker } from './add-worker';
import { type AskAvailability, chooseWorkers } from './assign-worker';

/** The dependencies of routing. */
export interface RoutingDependencies extends AddingMeans {
  /** Called for each lookup, so that a late one has its own time. */
  readonly openRepository: () => CustomerRepository;
  readonly defaultWorkers: readonly string[];
  /** Called for each choice; all lookups of one choice share its time. */
  readonly openAvailability: () => AskAvailability;
  /** The workers in the conversation, if that can be determined quickly. */
  readonly workersPresentQuickly: () => Promise<readonly string[]>;
}

/** A conversation that Twilio does not find may not exist yet: it is looked up once more after this time. */
const NOT_THERE_YET_MS = 700;

/**
 * Gives a conversation a worker, even if everything else fails: one without a worker is invisible and blocks others.
 * @param addresses the customer's, the likeliest first; empty if none can be a customer's.
 * @throws {NotFoundError} if the conversation is closed and needs no worker, or if Twilio does not find it.
 * @throws {ConversationWithoutWorkerError} if no worker could be added.
 */
export async function routeConversation(
  conversationSid: string,
  addresses: readonly Address[],
  means: RoutingDependencies,
): Promise<void> {
  const { requestLog, workersPresentQuickly } = means;
  // Twilio may send the request twice, and the first may have ended with another choice.
  const [present, choice] = await Promise.all([
    orElse([], workersPresentQuickly(), requestLog),
    chooseFirst(conversationSid, addresses, means),
  ]);
  if (present.length > 0) return;
  try {
    const worker = await addOnceFound(conversationSid, choice, means);
    requestLog.about({ worker });
  } catch (error) {
    // If the conversation exists after all, for example in another conversation service, it has no worker.
    if (error instanceof ConversationNotFoundError) {
      requestLog.countEvent(SERVICE_METRICS.conversationsWithoutWorker);
    }
    throw error;
  }
}

interface Choice {
  readonly owner: string | null;
  /** True if the owner is deactivated and there are no default workers: other owners then come before. */
  readonly hasLeft: boolean;
  readonly first: readonly string[];
}

async function chooseFirst(
  conversationSid: string,
  addresses: readonly Address[],
  { openRepository, openAvailability, defaultWorkers, requestLog }: RoutingDependencies,
): Promise<Choice> {
  const owner = await orElse(null, findOwner(addresses, openRepository), requestLog);
  const askAvailability = openAvailability();
  const hasLeft =
    owner !== null && defaultWorkers.length === 0 && (await askAvailability(owner)) === 'deactivated';
  const first = await chooseWorkers(
    { conversationSid, owner: hasLeft ? null : owner, fallbackWorkers: defaultWorkers },
    askAvailability,
  );
  return { owner, hasLeft, first };
}

/** The owner of the customer at the first address, else of a customer at any other. */
async function findOwner(
  [first, ...others]: readonly Address[],
  openRepository: () => CustomerRepository,
): Promise<string | null> {
  if (first === undefined) return null;
  const customers = await openRepository().findByAddress([first]);
  const owner = customers.find((customer) => customer.owner !== null)?.owner ?? null;
  return owner ?? findOwner(others, openRepository);
}

async function addAny(
  conversationSid: string,
  { owner, hasLeft, first }: Choice,
  means: RoutingDependencies,
): Promise<string> {
  const { openRepository, openAvailability, requestLog } = means;
  const added = await addFirstOf(first, means);
  if (added !== null) return added;

  const owners = await orElse([], openRepository().listOwners(), requestLog);
  const untried = owners
    .map(({ identity }) => identity)
    .filter((identity) => identity !== owner && !first.includes(identity));
  const others = await chooseWorkers(
    { conversationSid, owner: null, fallbackWorkers: untried },
    openAvailability(),
  );
  const last = hasLeft && owner !== null ? [...others, owner] : others;
  const addedLast = await addFirstOf(last, means);
  if (addedLast !== null) return addedLast;

  // An attempt that seemed to fail may have been carried out late.
  const [present] = await orElse([], means.workersPresentQuickly(), requestLog);
  if (present === undefined) throw withoutWorker('See the warnings');
  return present;
}

/** Twilio may request a worker before it finds the conversation itself. */
async function addOnceFound(
  conversationSid: string,
  choice: Choice,
  means: RoutingDependencies,
): Promise<string> {
  try {
    return await addAny(conversationSid, choice, means);
  } catch (error) {
    if (!(error instanceof ConversationNotFoundError)) throw error;
    await pause(NOT_THERE_YET_MS);
    const isThere = await means.workersPresentQuickly().then(
      () => true,
      () => false,
    );
    if (!isThere) throw error;
    return addAny(conversationSid, choice, means);
  }
}

/** The result of the work, or the fallback: no optional lookup of routing is worth a failure. */
async function orElse<T>(fallback: T, work: Promise<T>, requestLog: RequestLog): Promise<T> {
  try {
    return await work;
  } catch (error) {
    requestLog.warn(`Routing continues without this lookup: ${errorMessage(error)}`);
    return fallback;
  }
}
