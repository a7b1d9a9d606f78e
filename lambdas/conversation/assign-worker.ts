import { createHash } from 'node:crypto';
import type { Availability } from '../twilio/frontline-users';

/** The candidates for a new conversation. */
export interface Candidates {
  /** The conversation's SID, so that a repeated request gets the same worker. */
  readonly conversationSid: string;
  /** The worker who owns the customer; null if the customer is unknown or has no owner. */
  readonly owner: string | null;
  /** The fallback workers: the configured default workers, or owners that the base has. */
  readonly fallbackWorkers: readonly string[];
}

/** Looks up a worker's availability. Never fails: if it cannot be determined, it is `unknown`. */
export type AskAvailability = (identity: string) => Promise<Availability>;

/** Looks up the first `most` workers only, where each lookup is a request. The others are `unknown`. */
export function limitLookups(most: number, askAvailability: AskAvailability): AskAvailability {
  let asked = 0;
  return async (identity) => {
    asked += 1;
    return asked > most ? 'unknown' : askAvailability(identity);
  };
}

/**
 * The workers to try for a conversation, best first. Routing chooses the worker here.
 *
 * 1. The owner of the customer. If Frontline says that the owner is unavailable, the available fallback workers come
 *    before; if the owner is deactivated, all fallback workers do.
 * 2. The fallback workers in rotation; the conversation decides where it starts. First the available ones, then the
 *    unknown, the unavailable and the deactivated.
 *
 * No worker is looked up if there is only one choice.
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
    identities.map(async (identity) => ({ identity, is: await ask(identity) })),
  );
  const those = (is: Availability) =>
    answers.filter((answer) => answer.is === is).map(({ identity }) => identity);
  return [those('available'), those('unknown'), those('unavailable'), those('deactivated')];
}

/** Rotates the list to a start that depends on the conversation: evenly spread, and the same on each call. */
function inTurn(identities: readonly string[], conversationSid: string): string[] {
  const distinct = [...new Set(identities)];
  if (distinct.length === 0) return [];
  const start = createHash('sha256').update(conversationSid).digest().readUInt32BE() % distinct.length;
  return [...distinct.slice(start), ...distinct.slice(0, start)];
}
