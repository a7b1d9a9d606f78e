/** Twilio's default words (Twilio contract 9), OPTOUT and REVOKE among them since May 2025. */
const STOP_WORDS = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE']);
const START_WORDS = new Set(['START', 'YES', 'UNSTOP']);

/** Its parts share no character, so that a message of 32 kB, which may come in, is not gone through again and again. */
const ONE_WORD = /^\s*([a-z]+)[\s.,;:!?]*$/i;

/**
 * What a customer's message asks for, if it is one of the words and nothing else. Case, spaces round it and
 * punctuation behind it do not count; "STOP PLEASE" is a message like any other.
 */
export function readOptOutKeyword(message: string): 'opt-out' | 'opt-in' | null {
  const word = ONE_WORD.exec(message)?.[1]?.toUpperCase() ?? '';
  if (STOP_WORDS.has(word)) return 'opt-out';
  return START_WORDS.has(word) ? 'opt-in' : null;
}
