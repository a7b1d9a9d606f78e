import type { CallbackName } from './callbacks';

/**
 * Milliseconds by which each answer is out. Frontline waits 6 s (routing: 10 s) and Conversations 5 s
 * (twilio.md#callbacks-and-timeouts); what they wait beyond these is left to the network and to a cold start.
 */
export const ANSWER_WITHIN_MS: Readonly<Record<CallbackName, number>> = {
  crm: 5_000,
  'outgoing-conversation': 5_000,
  templates: 5_000,
  routing: 8_000,
  'twilio-conversations': 4_000,
};

/** What is kept back of that for writing the answer and for timers that fire late on a busy machine. */
export const ANSWERING_MS = 500;

/** By when Lambda ends a function that has not answered: a second later it never will, before it is not to be cut off. */
export function functionTimeoutMs(name: CallbackName): number {
  return ANSWER_WITHIN_MS[name] + 1_000;
}
