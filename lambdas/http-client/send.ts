import type { RequestLog, System } from '../telemetry/request-log';
import type { Deadline } from './deadline';
import { NoResponseError, type Reply } from './fetch-reply';
import {
  hasTransientStatus,
  isReply,
  type RepeatableRequest,
  type RetryPolicy,
  sendRepeatedly,
} from './retry';

/** Per-request context of outbound calls: deadline and request log. */
export interface CallContext {
  readonly deadline: Deadline;
  readonly requestLog: RequestLog;
}

/** An outbound request of a callback. */
export interface OutsideRequest extends RepeatableRequest {
  readonly system: System;
}

/** Within a callback: a few attempts, each with a share of the time, so that one lost packet does not use it up. */
export const CALLBACK_POLICY: RetryPolicy = {
  attemptMilliseconds: 2_500,
  waitsMilliseconds: [200, 400, 800],
  spread: 2,
  isFailure: hasTransientStatus,
  isUndone: ({ status }) => status === 429 || status === 503,
  throttling: null,
};

/** Sends within the deadline and counts the attempts in the request log. @returns the last outcome */
export async function send(
  request: OutsideRequest,
  policy: RetryPolicy,
  { deadline, requestLog }: CallContext,
): Promise<Reply | NoResponseError> {
  if (deadline.remainingMilliseconds < 1) {
    return new NoResponseError(`Deadline exceeded before calling ${request.system}`, 'deadline exceeded');
  }
  return sendRepeatedly(request, { policy, deadline, onOutcome: countIn(requestLog, request.system) });
}

/** Client errors that carry information (404, 409, 422); not counted as failures of the other system. */
const INSTRUCTIVE = new Set([404, 409, 422]);

/** Records each attempt in a request log. */
export function countIn(
  requestLog: RequestLog,
  system: System,
): (outcome: Reply | NoResponseError, attempt: number) => void {
  return (outcome, attempt) => {
    requestLog.count(system, 'requests');
    if (attempt > 1) requestLog.count(system, 'retries');
    const status = isReply(outcome) ? outcome.status : null;
    if (status === 401) requestLog.noteRejectedCredentials();
    if (status === 429) requestLog.count(system, 'rateLimited');
    if (status === null || (status >= 400 && !INSTRUCTIVE.has(status))) requestLog.count(system, 'failures');
  };
}
