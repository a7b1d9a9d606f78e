import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { errorOf, isQuotaUsedUp } from '../../lambdas/airtable/airtable-errors';
import { CredentialsRefused, Unavailable } from '../../lambdas/errors/errors';
import { hasTransientStatus, NoReply, type Reply } from '../../lambdas/http-client/send';
import { type AirtableRequest, exchange, placeOf } from './exchange';
import { type Pace, paceOf } from './pace';

export interface BaseAccess {
  /** Scheme and host, without `/v0`. */
  readonly url: string;
  readonly baseId: string;
  readonly apiKey: string;
}

export interface Pacing {
  /** @default 4: one of Airtable's five is left to the service */
  readonly requestsPerSecond?: number;
  /** How long nothing is sent after a 429 that does not say it itself. @default 30, as Airtable has it */
  readonly penaltySeconds?: number;
  /** Is told of each wait for Airtable. */
  readonly onWait?: (seconds: number, reason: string) => void;
  /** Ends at once whatever is under way, with its reason. */
  readonly signal?: AbortSignal;
}

/** The answer to a request that must not be sent twice never came: whether it was done is unknown. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
}

export interface Question<T> {
  readonly method: AirtableRequest['method'];
  /** Behind `/v0/`. */
  readonly path: string;
  readonly body?: object;
  /** Whether doing it twice is as good as once. */
  readonly repeatable: boolean;
  readonly answer: v.GenericSchema<unknown, T>;
}

const REQUESTS_PER_SECOND = 4;
const PENALTY_SECONDS = 30;
/** Somebody else uses the base up, or one would not be refused again and again. */
const PENALTIES = 10;
/** In seconds, before another attempt at what failed for another reason than the rate. */
const RETRY_WAITS = [0.5, 1, 2];

/** Requests to Airtable for one base, one after the other or several at once, and never faster than the pace. */
export class PacedRequests {
  readonly #pace: Pace;

  constructor(
    private readonly access: BaseAccess,
    private readonly pacing: Pacing = {},
  ) {
    const { requestsPerSecond = REQUESTS_PER_SECOND } = pacing;
    this.#pace = paceOf(`${access.url}/${access.baseId}`, requestsPerSecond);
  }

  /**
   * @throws {AnswerLost} for a request that is not repeatable, where nobody knows whether it was done.
   * @throws {Unavailable} where Airtable does not answer, and nothing was done.
   * @throws what `errorOf` makes of an answer other than 200; the signal's reason, once it is aborted.
   */
  async ask<T>(question: Question<T>): Promise<T> {
    const { signal } = this.pacing;
    try {
      return await this.#ask(question);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  /** Waits as long as so many requests take, for somebody else makes them at our bidding. */
  async leaveRoomFor(requests: number): Promise<void> {
    const { signal } = this.pacing;
    for (let turn = 0; turn < requests; turn += 1) await this.#pace.turn(signal);
  }

  async #ask<T>(question: Question<T>): Promise<T> {
    const { apiKey, url } = this.access;
    const { method, body, repeatable } = question;
    const request = { method, url: `${url}/v0/${question.path}`, apiKey, ...(body && { body }) };
    const reply = await this.#replyTo(request, repeatable);
    if (reply.status !== 200) throw refusalOf(reply, request);
    const parsed = v.safeParse(question.answer, reply.body);
    if (parsed.success) return parsed.output;
    const problem = `Airtable answers ${placeOf(request)} with 200 and something else than it should`;
    throw repeatable ? new Unavailable(problem, 0) : new AnswerLost(problem);
  }

  /** The last reply, after as many attempts as can help. */
  async #replyTo(request: AirtableRequest, repeatable: boolean): Promise<Reply> {
    const waits = [...RETRY_WAITS];
    let penalties = 0;
    for (;;) {
      const outcome = await this.#attempt(request);
      if (isFinal(outcome)) return outcome;
      if (!repeatable && mayBeDone(outcome)) throw new AnswerLost(problemOf(outcome));
      if (isRateLimit(outcome)) {
        penalties += 1;
        if (penalties > PENALTIES) return outcome;
        this.#holdBack(outcome);
      } else {
        const seconds = waits.shift();
        if (seconds === undefined) return lastWord(outcome);
        await this.#wait(outcome, seconds);
      }
    }
  }

  async #attempt(request: AirtableRequest): Promise<Reply | NoReply> {
    const { signal } = this.pacing;
    await this.#pace.turn(signal);
    signal?.throwIfAborted();
    try {
      return await exchange(request, signal);
    } catch (error) {
      if (error instanceof NoReply) return error;
      throw error;
    }
  }

  /** Everybody's next turn is after the penalty, this request's too. */
  #holdBack({ retryAfterSeconds }: Reply): void {
    const { penaltySeconds = PENALTY_SECONDS, onWait } = this.pacing;
    const seconds = retryAfterSeconds ?? penaltySeconds;
    this.#pace.hold(seconds);
    onWait?.(seconds, 'Airtable had more than 5 requests a second for this base');
  }

  async #wait(outcome: Reply | NoReply, usualSeconds: number): Promise<void> {
    const { onWait, signal } = this.pacing;
    const asked = outcome instanceof NoReply ? null : outcome.retryAfterSeconds;
    const seconds = asked ?? usualSeconds;
    onWait?.(seconds, problemOf(outcome));
    await pause(seconds * 1_000, undefined, signal && { signal });
  }
}

/** Whether asking again would only bring the same. */
function isFinal(outcome: Reply | NoReply): outcome is Reply {
  return !(outcome instanceof NoReply) && (!hasTransientStatus(outcome) || isQuotaUsedUp(outcome));
}

function isRateLimit(outcome: Reply | NoReply): outcome is Reply {
  return !(outcome instanceof NoReply) && outcome.status === 429;
}

/** 429 and 503 say that nothing was done; every other failure leaves it open (Airtable contract 1.2). */
function mayBeDone(outcome: Reply | NoReply): boolean {
  return outcome instanceof NoReply || (outcome.status !== 429 && outcome.status !== 503);
}

function lastWord(outcome: Reply | NoReply): Reply {
  if (outcome instanceof NoReply) throw new Unavailable(outcome.message, 0, { cause: outcome });
  return outcome;
}

function problemOf(outcome: Reply | NoReply): string {
  return outcome instanceof NoReply ? outcome.message : `Airtable answers ${outcome.status}`;
}

function refusalOf(reply: Reply, request: AirtableRequest): Error {
  const error = errorOf(reply, placeOf(request));
  // Said of the deployed secret there; here it may be either of two tokens, and there may be no secret yet.
  if (!(error instanceof CredentialsRefused)) return error;
  return new CredentialsRefused(
    'Airtable',
    'Airtable does not know the token: it was mistyped, deleted or regenerated. Make one at Builder hub > Personal ' +
      'access tokens',
  );
}
