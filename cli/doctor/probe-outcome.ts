import * as v from 'valibot';
import type { Answer } from '../callback/send-callback';
import type { CheckResult } from './health-check';
import type { Probe } from './probe-questions';

const Refusal = v.object({
  error: v.optional(v.string(), ''),
  message: v.string(),
  request_id: v.optional(v.string(), ''),
});
const RefusalText = v.pipe(v.string(), v.parseJson(), Refusal);
type Refusal = v.InferOutput<typeof Refusal>;

/** The fault of a response; null if it proves that the callback works. */
export function faultOf(probe: Probe, answer: Answer): CheckResult | null {
  return isExpected(probe, answer) ? null : refused(probe, answer);
}

/**
 * The result of two correct responses to the same request. The first may include a cold start, which still counts,
 * because a customer's message may meet one too.
 */
export function timesOf(
  { expects, asks, twilioWaits, ...probe }: Probe,
  first: Answer,
  second: Answer,
): CheckResult {
  const times = `${expects.status} in ${first.milliseconds} ms, then in ${second.milliseconds} ms`;
  if (Math.max(first.milliseconds, second.milliseconds) < twilioWaits) {
    return { status: 'pass', message: `${times}: ${asks}` };
  }
  return {
    status: 'fail',
    message: `${times}; Twilio times out after ${twilioWaits} ms`,
    fix: `Try again. If it stays slow, npm run logs -- --callback ${probe.callback} shows how many requests it sends`,
  };
}

function isExpected({ expects }: Probe, { status, body }: Answer): boolean {
  return status === expects.status && expects.body.test(body);
}

function refused(probe: Probe, { status, body }: Answer): CheckResult {
  const parsed = v.safeParse(RefusalText, body);
  const refusal = parsed.success ? parsed.output : null;
  const said = refusal === null ? '' : `: ${refusal.message}`;
  const request = refusal?.request_id ? ` (request ${refusal.request_id})` : '';
  return {
    status: 'fail',
    message:
      status === probe.expects.status
        ? `returned ${status}, but not the service's response`
        : `returned ${status}${said}${request} instead of ${probe.expects.status}`,
    fix: fixFor(probe, status, refusal),
  };
}

function fixFor(probe: Probe, status: number, refusal: Refusal | null): string {
  if (refusal?.error === 'NotSigned') {
    return 'The callbacks verify the signature over their configured URL, with the account and token of the secret: check PUBLIC_BASE_URL, ACCOUNT_SID and AUTH_TOKEN, then npm run setup';
  }
  if (refusal?.error === 'ConversationWithoutWorker') {
    return `No worker can take the conversation: set DEFAULT_WORKER, or give customers an owner; ${logs(probe)} shows the warnings`;
  }
  if (refusal?.error === 'Misconfigured') return 'Fix the error above, then npm run setup';
  if (refusal?.error) return `See ${logs(probe)}`;
  if (status === 403 || status === 429) {
    return 'The request was rejected before it reached the service: check the proxy in front of the API and its throttling';
  }
  if (status < 500) {
    return 'Another service responds at this URL: check PUBLIC_BASE_URL and its mapping path, then npm run setup';
  }
  return `The function failed or timed out: see ${logs(probe)}`;
}

function logs({ callback }: Probe): string {
  return `npm run logs -- --errors --callback ${callback}`;
}
