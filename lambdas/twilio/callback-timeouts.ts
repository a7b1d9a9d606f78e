import type { CallbackName } from './callbacks';

/**
 * Response budget per callback, in milliseconds. Frontline waits 6 s (routing: 10 s) and Conversations 5 s
 * (twilio.md#callbacks-and-timeouts); the difference is left for the network and a cold start.
 */
export const ANSWER_WITHIN_MS: Readonly<Record<CallbackName, number>> = {
  crm: 5_000,
  'outgoing-conversation': 5_000,
  templates: 5_000,
  routing: 8_000,
  'twilio-conversations': 4_000,
};

/** Part of that reserved for writing the response and for timers that fire late on a busy machine. */
export const ANSWERING_MS = 500;

/**
 * When Lambda ends a function that has not responded: a second later than its budget, so as not to cut off a response.
 */
export function functionTimeoutMs(name: CallbackName): number {
  return ANSWER_WITHIN_MS[name] + 1_000;
}
