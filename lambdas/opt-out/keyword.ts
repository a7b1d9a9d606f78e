import type { Channel } from '../phone-number/address';

/**
 * Words that opt a customer out wherever they are all of a message: Twilio's (twilio.md#opt-out-words), and OPT OUT in the
 * spellings that the FCC's list of 2025 allows.
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

/** Twilio takes YES for an opt-in by SMS. On WhatsApp it is what people answer to a question. */
export const SMS_OPT_IN_WORDS = ['YES'] as const;

export interface KeywordOptions {
  readonly channel: Channel;
  /** A team's own words, in any script, added to the standard ones. They may hold spaces. */
  readonly optOutWords: readonly string[];
  readonly optInWords: readonly string[];
}

export interface Keyword {
  readonly kind: 'opt-out' | 'opt-in';
  /** The word as the list has it. */
  readonly word: string;
}

/** Longer texts are not words that a person sends. */
const LONGEST_WORD = 100;

/**
 * What a customer's message asks for, if it is one of the words and nothing else. Case, width, invisible characters
 * and all that is not a letter or digit round the word count for nothing: `“Stop”`, `*STOP* 🛑`. "STOP PLEASE" is a
 * message like any other. An opt-in word is read more strictly, with punctuation behind it only, because to write to
 * people against their will is worse than not to write. A word of both lists opts out.
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

/** Whether a text can be a word of a team's own: a message can be it, and it is not just signs or emoji. */
export function isKeyword(word: string): boolean {
  return word.length <= LONGEST_WORD && fold(bareWord(word)) !== '';
}

/** Whether a text opts out although no list of a team's own has it. */
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

/** The text from its first letter or digit to its last one, with the marks that belong to that. */
function bareWord(text: string): string {
  const characters = [...visible(text)];
  const first = characters.findIndex(isWordCharacter);
  let end = characters.findLastIndex(isWordCharacter) + 1;
  while (/\p{Mn}|\p{Mc}/u.test(characters[end] ?? '')) end += 1;
  return first < 0 ? '' : characters.slice(first, end).join('');
}

/** Not the letters that stand for quotes and long vowels, nor emoji that are made of letters. */
function isWordCharacter(character: string): boolean {
  return (
    /[\p{L}\p{N}]/u.test(character.normalize('NFKC')) && !/\p{Lm}|\p{Extended_Pictographic}/u.test(character)
  );
}

/**
 * Without characters that nobody can see; white space stays. Joiners go too: not everybody types them. So do the line
 * that stretches an Arabic word and lines through or under letters. Half-width letters of Japanese are whole before it
 * is looked for the word's end, because their marks are letters of their own.
 */
function visible(text: string): string {
  return text
    .replace(/[\uff66-\uff9f]+/g, (letters) => letters.normalize('NFKC'))
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]|\u0640|\u0305|[\u0332-\u0338]|(?!\s)\p{Cc}/gu, '');
}

/** Equal for texts that differ in case, width, white space, kind of hyphen or apostrophe only. */
function fold(text: string): string {
  if (text.length > LONGEST_WORD * 4) return '';
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
