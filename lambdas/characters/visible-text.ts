const [ESC, BEL] = ['\\x1b', '\\x07'];

/**
 * Commands to a terminal, whole (ECMA-48): control sequences such as colours and positions; strings such as titles,
 * links and the clipboard; and the short ones. Of a command that does not end only its beginning is taken out, below.
 */
const COMMANDS = new RegExp(
  [
    `(?:${ESC}\\[|\\x9b)[0-?]*[ -/]*[@-~]`,
    `(?:${ESC}[\\]P^_X]|[\\x90\\x98\\x9d-\\x9f])\\P{Cc}*(?:${BEL}|${ESC}\\\\|\\x9c)`,
    `${ESC}[ -/]*[0-Z\\\\\`-~]`,
  ].join('|'),
  'gu',
);

/** Letters of scripts that no joiner stands in. */
const UNJOINED = '(?!\\p{Script=Latin}|\\p{Script=Greek}|\\p{Script=Cyrillic}|\\p{Script=Han})';
/** What a joiner may stand between: letters of the other scripts with their marks, and parts of an emoji. */
const JOINED = `(?:${UNJOINED}\\p{L}|\\p{M}|\\p{Extended_Pictographic}|\\p{Emoji_Modifier})`;

/**
 * Control and format characters, which steer a terminal or the direction of writing, and code points that are not
 * characters. Joiners stay where words of some scripts and emoji of several parts need them.
 */
const STEERING = new RegExp(
  `(?<!${JOINED})[\\u200c\\u200d]|[\\u200c\\u200d](?!${JOINED})|(?![\\u200c\\u200d\\n\\t])[\\p{Cc}\\p{Cf}]|[\\p{Cs}\\p{Noncharacter_Code_Point}]`,
  'gu',
);

/**
 * A character that shows something: not the fillers of Hangul, the blank of Braille or the empty head of a note, which
 * are letters and signs.
 */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800\u{1d159}])[^\p{C}\p{Z}\p{M}]/u;

/**
 * A text as a terminal may show it: others have written it, and a crash may quote anything. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text
    .replace(COMMANDS, '')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(STEERING, '');
}

/** Likewise in one line, so that a text of others does not look like lines of ours. */
export function printableLine(text: string): string {
  return printable(text.replace(/[\s\x85]+/g, ' '));
}

/** JSON as a terminal may show it: what it must not get stays in the text, as an escape. */
export function printableJson(json: string): string {
  return json.replace(STEERING, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      const unit = character.charCodeAt(at).toString(16).padStart(4, '0');
      return `\\u${unit}`;
    }).join(''),
  );
}

/** A name in one line, without characters that cannot be seen; null where nothing can be seen of it. */
export function visibleLine(text: string): string | null {
  const line = printableLine(text).trim();
  return VISIBLE.test(line) ? line : null;
}
