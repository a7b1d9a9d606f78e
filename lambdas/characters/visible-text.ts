const [ESC, BEL] = ['\\x1b', '\\x07'];

/**
 * Complete terminal commands (ECMA-48): control sequences such as colours and positions; strings such as titles, links
 * and the clipboard; and the short ones. Of an incomplete command only its beginning is removed, below.
 */
const COMMANDS = new RegExp(
  [
    `(?:${ESC}\\[|\\x9b)[0-?]*[ -/]*[@-~]`,
    `(?:${ESC}[\\]P^_X]|[\\x90\\x98\\x9d-\\x9f])\\P{Cc}*(?:${BEL}|${ESC}\\\\|\\x9c)`,
    `${ESC}[ -/]*[0-Z\\\\\`-~]`,
  ].join('|'),
  'gu',
);

/** Letters of scripts that do not use joiners. */
const UNJOINED = '(?!\\p{Script=Latin}|\\p{Script=Greek}|\\p{Script=Cyrillic}|\\p{Script=Han})';
/** Characters on both sides of a valid joiner: letters of the other scripts with their marks, and parts of an emoji. */
const JOINED = `(?:${UNJOINED}\\p{L}|\\p{M}|\\p{Extended_Pictographic}|\\p{Emoji_Modifier})`;

/**
 * Control and format characters, which control a terminal or the writing direction, and code points that are not
 * characters. Joiners stay if words of some scripts and emoji of several parts need them.
 */
const STEERING = new RegExp(
  `(?<!${JOINED})[\\u200c\\u200d]|[\\u200c\\u200d](?!${JOINED})|(?![\\u200c\\u200d\\n\\t])[\\p{Cc}\\p{Cf}]|[\\p{Cs}\\p{Noncharacter_Code_Point}]`,
  'gu',
);

/**
 * A visible character: not the fillers of Hangul, the blank of Braille or the empty note head, which count as letters
 * and signs.
 */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800\u{1d159}])[^\p{C}\p{Z}\p{M}]/u;

/**
 * Makes a text safe for a terminal, because it may come from others and a crash may quote anything. Line breaks and
 * tabs stay.
 */
export function printable(text: string): string {
  return text
    .replace(COMMANDS, '')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(STEERING, '');
}

/** The same on one line, so that a foreign text cannot imitate lines of the program. */
export function printableLine(text: string): string {
  return printable(text.replace(/[\s\x85]+/g, ' '));
}

/** Makes JSON safe for a terminal: unsafe characters stay in the text, as escapes. */
export function printableJson(json: string): string {
  return json.replace(STEERING, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      const unit = character.charCodeAt(at).toString(16).padStart(4, '0');
      return `\\u${unit}`;
    }).join(''),
  );
}

/** A name on one line, without invisible characters; null if nothing visible is left. */
export function visibleLine(text: string): string | null {
  const line = printableLine(text).trim();
  return VISIBLE.test(line) ? line : null;
}

/**
 * The text, cut to the length with an ellipsis if it is longer. The length is in UTF-16 units, the strictest meaning of
 * a limit; no character is cut in two.
 */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '');
  return `${cut}…`;
}
