import * as v from 'valibot';
import { TWILIO_WAITS_MS } from '../../lambdas/twilio/callbacks';
import type { CallbackResponse } from '../callback/send-callback';
import { type CheckResult, failed, passed } from './health-check';
import type { Probe } from './probe-requests';

const Rejection = v.object({
  error: v.optional(v.string(), ''),
  message: v.string(),
  request_id: v.optional(v.string(), ''),
});
const RejectionText = v.pipe(v.string(), v.parseJson(), Rejection);

/** The service's own error in a response; null if there is no such error in it. */
export function rejectionIn({ body }: CallbackResponse): v.InferOutput<typeof Rejection> | null {
  const parsed = v.safeParse(RejectionText, body);
  return parsed.success ? parsed.output : null;
}

/** The fault of a response; null if it proves that the callback works. */
export function faultOf(probe: Probe, response: CallbackResponse): CheckResult | null {
  const { status, body } = response;
  const { expects } = probe;
  if (status === expects.status && expects.body.test(body)) return null;
  const rejection = rejectionIn(response);
  const stated = rejection === null ? '' : `: ${rejection.message}`;
  const request = rejection?.request_id ? ` (request ${rejection.request_id})` : '';
  return failed(
    status === expects.status
      ? `returned ${status}, but not the service's response`
      : `returned ${status}${stated}${request} instead of ${expects.status}`,
    fixFor(status, rejection?.error ?? '', `npx frontline logs --errors --callback ${probe.callback}`),
  );
}

/**
 * The result of two correct responses to the same request. The first may include a cold start, which still counts,
 * because a customer's message may meet one too.
 */
export function timesOf(
  { expects, purpose, callback }: Probe,
  first: CallbackResponse,
  second: CallbackResponse,
): CheckResult {
  const timeoutMs = TWILIO_WAITS_MS[callback];
  const times = `${expects.status} in ${first.milliseconds} ms, then in ${second.milliseconds} ms`;
  if (Math.max(first.milliseconds, second.milliseconds) < timeoutMs) {
    return passed(`${times}: ${purpose}`);
  }
  return failed(
    `${times}; Twilio times out after ${timeoutMs} ms`,
    `Try again. If it stays slow, npx frontline logs --callback ${callback} shows how many requests it sends`,
  );
}

/** @param logs the command that shows the function's errors */
function fixFor(status: number, error: string, logs: string): string {
  switch (error) {
    case 'NotSigned':
      return 'The callbacks verify the signature over their configured URL, with the account and token of the secret: check PUBLIC_BASE_URL, ACCOUNT_SID and AUTH_TOKEN, then npx frontline setup';
    case 'ConversationWithoutWorker':
      return `No worker can take the conversation: set DEFAULT_WORKER, or give customers an owner; ${logs} shows the warnings`;
    case 'Misconfigured':
      return 'Fix the error above, then npx frontline setup';
  }
  if (error !== '') return `See ${logs}`;
  if (status === 403 || status === 429) {
    return 'The request was rejected before it reached the service: check the proxy in front of the API and its throttling';
  }
  return status < 500
    ? 'Another service responds at this URL: check PUBLIC_BASE_URL and its mapping path, then npx frontline setup'
    : `The function failed or timed out: see ${logs}`;
}
