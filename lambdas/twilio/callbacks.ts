/** The five callbacks, named after their routes and files. */
export const CALLBACK_NAMES = [
  'crm',
  'outgoing-conversation',
  'routing',
  'templates',
  'twilio-conversations',
] as const;
export type CallbackName = (typeof CALLBACK_NAMES)[number];

/** The names in the API's log lines and metrics. */
export type RouteName = CallbackName | 'airtable-webhook' | 'inbox-api' | 'inbox-live';

/** The path of a callback below the service's URL. */
export function callbackPath(name: CallbackName): string {
  return `/callbacks/${name}`;
}

/**
 * Response budget per callback, in milliseconds. Frontline waits 6 s (routing: 10 s) and Conversations 5 s
 * (twilio.md#callbacks-and-timeouts); the difference is left for the network and a cold start.
 */
export const RESPONSE_BUDGET_MS: Readonly<Record<CallbackName, number>> = {
  crm: 5_000,
  'outgoing-conversation': 5_000,
  templates: 5_000,
  routing: 8_000,
  'twilio-conversations': 4_000,
};

/** Part of that reserved for writing the response and for timers that fire late on a busy machine. */
export const RESPONSE_RESERVE_MS = 500;

/**
 * When Lambda ends a function that has not responded: a second later than its budget, so as not to cut off a response.
 */
export function functionTimeoutMs(name: CallbackName): number {
  return RESPONSE_BUDGET_MS[name] + 1_000;
}

/** The largest response that Frontline accepts (error 48003, twilio.md#callbacks-and-timeouts). */
export const MAX_RESPONSE_BYTES = 64_000;

/** The share of a list's rows; the rest is for the fields around them, such as a page token. */
export const MAX_ROWS_BYTES = 60_000;
