import { setTimeout as pause } from 'node:timers/promises';
import pRetry from 'p-retry';
import * as v from 'valibot';
import type { Deadline } from '../deadline/deadline';
import type { Journal, System, Traffic } from '../journal/journal';

/** One request to a system outside. */
export interface OutsideRequest {
  readonly system: System;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether doing it twice is as good as once; if not, it is sent again only where the other side says it did nothing. */
  readonly repeatable: boolean;
  /** Whether the same request may be answered better later, where the status alone does not say it. */
  readonly isTransient?: (reply: Reply) => boolean;
}

export interface Reply {
  readonly status: number;
  /** Seconds that the other side asks to wait, where it does. */
  readonly retryAfterSeconds: number | null;
  /** The parsed JSON, or undefined where the body is none: an HTML page of a proxy, an empty body. */
  readonly body: unknown;
}

/** What one request to our service lends to those it makes: its time and its journal. */
export interface Errand {
  readonly deadline: Deadline;
  readonly journal: Journal;
}

/** No reply came: refused, reset, or nothing in time. Whether the other side did what it was told is unknown. */
export class NoReply extends Error {
  override readonly name = 'NoReply';
}

/** A reply that asks to come again later. */
class Transient extends Error {
  constructor(readonly reply: Reply) {
    super(`status ${reply.status}`);
  }
}

const ATTEMPTS = 4;
/** One attempt's share, so that one lost packet does not use up the whole deadline. */
const ATTEMPT_MS = 2_500;
/** "Later" in every form; of these 429 and 503 say that nothing was done (Airtable contract 1.2, Twilio contract 8). */
const TRANSIENT = new Set([429, 500, 502, 503, 504]);
const NOTHING_DONE = new Set([429, 503]);
/** Not there, there already, not in this form: the other side works, and says what those who asked have to know. */
const INSTRUCTIVE = new Set([404, 409, 422]);

/**
 * Sends the request, again after a pause where that can help, and never beyond the deadline.
 * @returns the last reply, whatever its status.
 * @throws {NoReply} when not even one came.
 */
export async function send(request: OutsideRequest, { deadline, journal }: Errand): Promise<Reply> {
  const isTransient = request.isTransient ?? hasTransientStatus;
  const attempt = async (number: number) => {
    if (number > 1) journal.count(request.system, 'retries');
    const reply = await sendCounted(request, { deadline, journal });
    if (isTransient(reply)) throw new Transient(reply);
    return reply;
  };
  let lastFailure: unknown;
  try {
    return await pRetry(attempt, {
      retries: ATTEMPTS - 1,
      minTimeout: 200,
      randomize: true,
      signal: deadline.signal,
      onFailedAttempt: ({ error }) => {
        lastFailure = error;
      },
      shouldRetry: ({ error }) => waitToRepeat(request, error, deadline),
    });
  } catch (error) {
    if (lastFailure instanceof Transient) return lastFailure.reply;
    if (lastFailure instanceof NoReply) throw lastFailure;
    throw new NoReply(`There was no time left to ask ${request.system}`, { cause: error });
  }
}

/** Whether another attempt may help; waits as long as the other side asked for, where there is time for it. */
async function waitToRepeat(request: OutsideRequest, error: Error, deadline: Deadline): Promise<boolean> {
  if (deadline.signal.aborted) return false;
  if (!(error instanceof Transient)) return request.repeatable;
  const { status, retryAfterSeconds } = error.reply;
  if (!request.repeatable && !NOTHING_DONE.has(status)) return false;
  const waitMilliseconds = (retryAfterSeconds ?? 0) * 1_000;
  if (waitMilliseconds >= deadline.remainingMilliseconds) return false;
  await pause(waitMilliseconds);
  return true;
}

/** "Later" in every form. */
export function hasTransientStatus({ status }: Reply): boolean {
  return TRANSIENT.has(status);
}

/** Sends once, and tells the journal what came of it. */
async function sendCounted(request: OutsideRequest, { deadline, journal }: Errand): Promise<Reply> {
  const count = (what: keyof Traffic) => journal.count(request.system, what);
  count('requests');
  const reply = await sendOnce(request, deadline).catch((error: unknown) => {
    count('failures');
    throw error;
  });
  if (reply.status === 401) journal.noteRefusal();
  if (reply.status === 429) count('rateLimited');
  if (reply.status >= 400 && !INSTRUCTIVE.has(reply.status)) count('failures');
  return reply;
}

async function sendOnce(request: OutsideRequest, deadline: Deadline): Promise<Reply> {
  const attempt = deadline.within(ATTEMPT_MS);
  try {
    // Raced besides: once headers have come, fetch may lose its hold on the signal to the garbage collector, and a
    // body that stalls would never end.
    return await attempt.race(fetchReply(request, attempt.signal));
  } catch (cause) {
    const { pathname } = new URL(request.url);
    throw new NoReply(`${request.system} did not answer ${request.method} ${pathname}`, { cause });
  }
}

/** One request on its way and its reply, whatever the status. @throws what fetch throws, where none comes */
export async function fetchReply(
  request: Pick<OutsideRequest, 'method' | 'url' | 'headers' | 'body'>,
  signal: AbortSignal,
): Promise<Reply> {
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    ...(request.body !== undefined && { body: request.body }),
    redirect: 'error',
    signal,
  });
  return {
    status: response.status,
    retryAfterSeconds: readSeconds(response.headers.get('retry-after')),
    body: readJson(await response.text()),
  };
}

function readSeconds(header: string | null): number | null {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) : null;
}

const JsonText = v.pipe(v.string(), v.parseJson());

function readJson(text: string): unknown {
  const parsed = v.safeParse(JsonText, text);
  return parsed.success ? parsed.output : undefined;
}
