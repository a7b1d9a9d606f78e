import { setTimeout as pause } from 'node:timers/promises';
import {
  ConversationWithoutWorkerError,
  CredentialsRejectedError,
  errorMessage,
  NotFoundError,
} from '../errors';
import type { Deadline } from '../http-client/deadline';
import type { RequestLog } from '../telemetry/request-log';
import type { AddAttempt } from '../twilio/conversation';

/** The conversation's operations that adding a worker needs. */
export interface AddingMeans {
  /** One attempt, which may take all the remaining time. */
  readonly tryToAdd: (identity: string) => Promise<AddAttempt>;
  /** The workers in the conversation. May take all the remaining time. @throws {NotFoundError} */
  readonly workersPresent: () => Promise<readonly string[]>;
  readonly deadline: Deadline;
  readonly requestLog: RequestLog;
}

/** Without a response after this time, the participants are listed; the response still counts if it comes first. */
const SLOW_MS = [2_500, 2_000];
/** The maximum number of attempts per worker whose outcome is unknown at first. */
const MAX_UNKNOWN = 4;
const FIRST_WAIT_MS = 200;
const MAX_WAIT_MS = 1_000;

/**
 * Adds the first of the workers that Twilio accepts. Two workers in one conversation are as wrong as none. After an
 * attempt with an unknown outcome the participants are therefore listed, and no worker is added until that succeeds.
 * @returns the worker who is in the conversation; null if Twilio accepted none of them
 * @throws {NotFoundError} if the conversation is closed, or Twilio does not find it.
 * @throws {ConversationWithoutWorkerError} if the time is up, or Twilio rejects the credentials.
 */
export async function addFirstOf(identities: readonly string[], means: AddingMeans): Promise<string | null> {
  for (const identity of identities) {
    const present = await addOne(identity, means);
    if (present !== null) return present;
  }
  return null;
}

async function addOne(identity: string, means: AddingMeans): Promise<string | null> {
  const { deadline, requestLog } = means;
  const attempts: Promise<Settled>[] = [];
  let waitMs = FIRST_WAIT_MS;
  for (let unknown = 0; ; ) {
    const slowMs = SLOW_MS[Math.min(unknown, SLOW_MS.length - 1)] ?? 0;
    const result = await settledAttempt(identity, slowMs, attempts, means);
    if ('present' in result) return result.present;
    if (result.outcome === 'unknown') unknown += 1;
    const isEnough = unknown >= (result.wasSlow ? SLOW_MS.length : MAX_UNKNOWN);
    if (result.outcome === 'rejected' || isEnough) {
      requestLog.warn(`${identity} could not be added: ${result.reason}`);
      return null;
    }
    const wait = Math.max(result.waitMilliseconds, waitMs * (0.5 + Math.random() / 2));
    waitMs = Math.min(2 * waitMs, MAX_WAIT_MS);
    if (wait >= deadline.remainingMilliseconds) throw withoutWorker(result.reason);
    await pause(wait);
  }
}

type Settled =
  | { readonly present: string }
  | {
      /** With `unknown`, the conversation is known to have no worker by now. */
      readonly outcome: 'rejected' | 'later' | 'unknown';
      readonly waitMilliseconds: number;
      readonly reason: string;
      readonly wasSlow: boolean;
    };

/** One attempt, and if its outcome is late or unknown, the workers in the conversation. */
async function settledAttempt(
  identity: string,
  slowMs: number,
  attempts: Promise<Settled>[],
  means: AddingMeans,
): Promise<Settled> {
  const earlier = attempts.map(whenPresent);
  const adding = means.tryToAdd(identity).then((attempt) => known(identity, attempt), explain);
  attempts.push(adding);
  const early = await Promise.race([adding, ...earlier, pause(slowMs, 'slow' as const, { ref: false })]);
  if (early !== 'slow') return settled(early, means);
  const asked = listPresent('Twilio is slow', true, means);
  return Promise.race([asked, adding.then((result) => settled(result, means)), ...earlier]);
}

/** An earlier attempt may still succeed; any other end does not matter. */
function whenPresent(attempt: Promise<Settled>): Promise<Settled> {
  return new Promise((resolve) => {
    attempt.then(
      (result) => 'present' in result && resolve(result),
      () => {},
    );
  });
}

async function settled(result: Settled, means: AddingMeans): Promise<Settled> {
  const isUnknown = 'outcome' in result && result.outcome === 'unknown';
  return isUnknown ? listPresent(result.reason, false, means) : result;
}

function explain(error: unknown): never {
  throw error instanceof CredentialsRejectedError ? withoutWorker(errorMessage(error), error) : error;
}

function known(identity: string, attempt: AddAttempt): Settled {
  switch (attempt.outcome) {
    case 'added':
      return { present: identity };
    case 'closed':
      throw new NotFoundError(`The conversation is closed and needs no worker: ${attempt.reason}`);
    case 'not-found':
      throw new ConversationNotFoundError(attempt.reason);
    case 'later':
      return { ...attempt, wasSlow: false };
    case 'rejected':
    case 'unknown':
      return { ...attempt, waitMilliseconds: 0, wasSlow: false };
  }
}

/** Retries until Twilio responds. @throws {ConversationWithoutWorkerError} if it does not in time. */
async function listPresent(reason: string, wasSlow: boolean, means: AddingMeans): Promise<Settled> {
  for (;;) {
    try {
      const [present] = await means.workersPresent();
      if (present !== undefined) return { present };
      return { outcome: 'unknown', waitMilliseconds: 0, reason, wasSlow };
    } catch (error) {
      if (error instanceof NotFoundError) throw new ConversationNotFoundError(error.message);
      if (error instanceof CredentialsRejectedError) return explain(error);
      if (FIRST_WAIT_MS >= means.deadline.remainingMilliseconds) {
        throw withoutWorker(`its participants could not be listed: ${errorMessage(error)}`, error);
      }
      await pause(FIRST_WAIT_MS);
    }
  }
}

/** Twilio does not find a conversation that it requested a worker for. */
export class ConversationNotFoundError extends NotFoundError {}

export function withoutWorker(reason: string, cause?: unknown): ConversationWithoutWorkerError {
  return new ConversationWithoutWorkerError(
    `The conversation has no worker: add one in the Twilio console. ${reason}`,
    { cause },
  );
}
