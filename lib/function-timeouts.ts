import { INBOX_REQUEST_MS, LIVE_REQUEST_MS } from '../lambdas/inbox/http/start-inbox-deadline';
import { perCallback, RESPONSE_BUDGET_MS } from '../lambdas/twilio/callbacks';
import type { FunctionName } from './function-names';

/** Between a function's own deadline and its end, so as not to cut off a response. */
const GRACE_MS = 1_000;

/** When Lambda ends a function that has not responded, in milliseconds. */
export const FUNCTION_TIMEOUTS_MS: Readonly<Record<FunctionName, number>> = {
  ...perCallback((name) => RESPONSE_BUDGET_MS[name] + GRACE_MS),
  // Airtable waits 25 s and tries again (airtable.md#webhook-notifications).
  'airtable-webhook': 10_000,
  // Lambda's maximum: a pass of 250,000 customers needs nearly all of it.
  sync: 15 * 60_000,
  'inbox-api': INBOX_REQUEST_MS + GRACE_MS,
  // An event asks Twilio a few questions; a page of a first index asks one for each of its chats.
  'inbox-events': 30_000,
  'inbox-live': LIVE_REQUEST_MS + GRACE_MS,
};
