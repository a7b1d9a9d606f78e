import type { Channel } from '../phone-number/address';

/**
 * Words that opt a customer out when they are the whole message: Twilio's (twilio.md#opt-out-words), and OPT OUT in the
 * spellings of the FCC's list of 2025.
 */
export const STANDARD_OPT_OUT_WORDS = [
  'STOP',
  'STOPALL',
  'UNSUBSCRIBE',
  'CANCEL',
  'END',
  'QUIT',
  'OPTOUT',
  'OPT-OUT',
  'OPT OUT',
  'REVOKE',
] as const;

/** Words that opt in again on any channel. */
export const STANDARD_OPT_IN_WORDS = ['START', 'UNSTOP'] as const;

/** Twilio accepts YES as an opt-in by SMS. On WhatsApp it is a common reply to other questions. */
export const SMS_OPT_IN_WORDS = ['YES'] as const;

export interface KeywordOptions {
  readonly channel: Channel;
  /** A team's own words, in any script, added to the standard ones. They may contain spaces. */
  readonly optOutWords: readonly string[];
  readonly optInWords: readonly string[];
}

export interface Keyword {
  readonly kind: 'opt-out' | 'opt-in';
  /** The word as in the list. */
  readonly word: string;
}

/** Longer texts are not words that a person sends. */
const MAX_WORD_LENGTH = 100;

/**
 * The keyword in a customer's message, if the message is nothing else. Case, width, invisible characters and everything
 * around the word that is not a letter or digit are ignored: `“Stop”`, `*STOP* 🛑`. "STOP PLEASE" is an ordinary
 * message. An opt-in word is read more strictly, with punctuation only after it, because writing to people against
 * their will is worse than not writing. A word in both lists opts out.
 */
export function readOptOutKeyword(message: string, options: KeywordOptions): Keyword | null {
  const optOut = find(optOutReadings(message), [...STANDARD_OPT_OUT_WORDS, ...options.optOutWords]);
  if (optOut !== null) return { kind: 'opt-out', word: optOut };
  const optIn = find(
    [strictReading(message)],
    [...STANDARD_OPT_IN_WORDS, ...(options.channel === 'sms' ? SMS_OPT_IN_WORDS : []), ...options.optInWords],
  );
  return optIn === null ? null : { kind: 'opt-in', word: optIn };
}

/** Whether a text can be a team's own word: a message can match it, and it is not only signs or emoji. */
export function isKeyword(word: string): boolean {
  return word.length <= MAX_WORD_LENGTH && fold(bareWord(word)) !== '';
}

/** Whether a text opts out without being in a team's own list. */
export function isStandardOptOutWord(word: string): boolean {
  return find([fold(bareWord(word))], STANDARD_OPT_OUT_WORDS) !== null;
}

function find(readings: readonly string[], words: readonly string[]): string | null {
  return words.find((word) => isKeyword(word) && readings.includes(fold(bareWord(word)))) ?? null;
}

const KEYCAP = /[0-9#*]\ufe0f?\u20e3/g;

/** The message with and without emoji made of a digit: each may be decoration, or the word itself. */
function optOutReadings(message: string): string[] {
  return [message, message.replace(KEYCAP, ' ')].map((text) => fold(bareWord(text))).filter(Boolean);
}

function strictReading(message: string): string {
  const characters = [...visible(message)];
  const first = characters.findIndex((character) => !/\s/.test(character));
  const last = characters.findLastIndex((character) => !/[\s.,;:!?]/.test(character));
  return first < 0 ? '' : fold(characters.slice(first, last + 1).join(''));
}

/** The text from its first to its last letter or digit, with the marks that belong to that. */
function bareWord(text: string): string {
  const characters = [...visible(text)];
  const first = characters.findIndex(isWordCharacter);
  let end = characters.findLastIndex(isWordCharacter) + 1;
  while (/\p{Mn}|\p{Mc}/u.test(characters[end] ?? '')) end += 1;
  return first < 0 ? '' : characters.slice(first, end).join('');
}

/** Excludes letters used as quotes and long vowels, and emoji made of letters. */
function isWordCharacter(character: string): boolean {
  return (
    /[\p{L}\p{N}]/u.test(character.normalize('NFKC')) && !/\p{Lm}|\p{Extended_Pictographic}/u.test(character)
  );
}

/**
 * Removes invisible characters, except white space. Joiners are removed too, because not everyone types them. So are
 * the line that stretches an Arabic word, and lines through or under letters. Half-width Japanese letters are composed
 * before the search for the word's end, because their marks are separate letters.
 */
function visible(text: string): string {
  return text
    .replace(/[\uff66-\uff9f]+/g, (letters) => letters.normalize('NFKC'))
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]|\u0640|\u0305|[\u0332-\u0338]|(?!\s)\p{Cc}/gu, '');
}

/** Equal for texts that differ only in case, width, white space, kind of hyphen or apostrophe. */
function fold(text: string): string {
  if (text.length > MAX_WORD_LENGTH * 4) return '';
  return (
    text
      .normalize('NFKC')
      .replace(/\s+/g, ' ')
      .replace(/[\p{Pd}\u2212]/gu, '-')
      .replace(/[‘’ʼ′`´]/g, "'")
      // Case folding: upper case first, so that ß is ss and ı is i. A capital İ leaves its dot. Greek capitals have no
      // accents, which is a rule of that language only, and of no other script.
      .toLocaleUpperCase('el')
      .toLowerCase()
      .replaceAll('i\u0307', 'i')
      .normalize('NFC')
  );
}
