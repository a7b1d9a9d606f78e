import { createHash } from 'node:crypto';

/** Who might take a new conversation. */
export interface Candidates {
  /** The conversation, so that a request that comes twice gets the same worker. */
  readonly conversationSid: string;
  /** The worker whose customer it is; null where the customer is unknown or nobody's. */
  readonly owner: string | null;
  /** Those who stand in: the configured default workers, or owners that the base knows. */
  readonly fallbackWorkers: readonly string[];
}

/** What Frontline says of a worker; `unknown` also covers one who has never logged in (twilio.md#custom-routing). */
export type Availability = 'available' | 'unavailable' | 'deactivated' | 'unknown';

/** Asks how a worker is; never fails: what cannot be learned is `unknown`. */
export type AskAvailability = (identity: string) => Promise<Availability>;

/** More than these are not asked about: every question is a request. */
const MOST_ASKED = 10;

/**
 * The workers to try for a conversation, best first: this is where routing picks.
 *
 * 1. The owner of the customer. When Frontline says that the owner is unavailable, the stand-ins who are available
 *    come before; when it says that the owner is deactivated, all stand-ins do.
 * 2. The stand-ins in turn, the conversation deciding whose turn it is: those who are available, those of whom
 *    nothing is known, those who are unavailable, those who are deactivated.
 *
 * Nobody is asked about where there is nothing to choose.
 */
export async function chooseWorkers(
  candidates: Candidates,
  askAvailability: AskAvailability,
): Promise<string[]> {
  const { owner, fallbackWorkers, conversationSid } = candidates;
  const turn = inTurn(fallbackWorkers, conversationSid).filter((identity) => identity !== owner);
  if (owner === null) return turn.length > 1 ? (await askAll(turn, askAvailability)).flat() : turn;
  if (turn.length === 0) return [owner];

  const ownerIs = await askAvailability(owner);
  if (ownerIs === 'available' || ownerIs === 'unknown') return [owner, ...turn];
  const [available, ...others] = await askAll(turn, askAvailability);
  return ownerIs === 'unavailable'
    ? [...available, owner, ...others.flat()]
    : [...available, ...others.flat(), owner];
}

type ByAvailability = readonly [
  available: string[],
  unknown: string[],
  unavailable: string[],
  deactivated: string[],
];

async function askAll(identities: readonly string[], ask: AskAvailability): Promise<ByAvailability> {
  const answers = await Promise.all(
    identities.map(async (identity, index) => ({
      identity,
      is: index < MOST_ASKED ? await ask(identity) : 'unknown',
    })),
  );
  const those = (is: Availability) =>
    answers.filter((answer) => answer.is === is).map(({ identity }) => identity);
  return [those('available'), those('unknown'), those('unavailable'), those('deactivated')];
}

/** The list begun at a place that the conversation decides: spread evenly, and the same whenever it is asked again. */
function inTurn(identities: readonly string[], conversationSid: string): string[] {
  const distinct = [...new Set(identities)];
  if (distinct.length === 0) return [];
  const start = createHash('sha256').update(conversationSid).digest().readUInt32BE() % distinct.length;
  return [...distinct.slice(start), ...distinct.slice(0, start)];
}
