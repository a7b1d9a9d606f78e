/** Joiners belong to words of some scripts, and to emoji made of several: they stay between two of these. */
const INVISIBLE =
  /(?<![\p{L}\p{M}\p{Emoji}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Emoji}])|(?![\u200c\u200d])\p{Cf}/gu;
const VISIBLE = /[^\p{C}\p{Z}\p{M}]/u;

/** The text in one line, without characters that steer terminals and writing direction; null where nothing shows. */
export function visibleLine(text: string): string | null {
  const line = text
    .replace(/[\s\p{Cc}\p{Z}]+/gu, ' ')
    .replace(INVISIBLE, '')
    .trim();
  return VISIBLE.test(line) ? line : null;
}
