/** A stretch of a text that matches what is searched, or does not. */
export interface HighlightPart {
  readonly text: string;
  readonly matches: boolean;
}

/** Splits a text at what is searched, ignoring case and accents. The parts joined are the text. */
export function highlightParts(text: string, query: string): readonly HighlightPart[] {
  const wanted = fold(query.trim());
  if (wanted === '') return [{ text, matches: false }];
  const characters = [...text];
  const folded = characters.map(fold);
  const parts: HighlightPart[] = [];
  let plain = '';
  for (let at = 0; at < characters.length; ) {
    const length = matchLength(folded, at, wanted);
    if (length === 0) {
      plain += characters[at] ?? '';
      at += 1;
      continue;
    }
    if (plain !== '') parts.push({ text: plain, matches: false });
    plain = '';
    parts.push({ text: characters.slice(at, at + length).join(''), matches: true });
    at += length;
  }
  if (plain !== '') parts.push({ text: plain, matches: false });
  return parts;
}

/** Case and accents removed: `É` is `e`. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[’‘`]/gu, "'");
}

/** How many characters from `at` on make up the searched text; 0 where they do not. */
function matchLength(folded: readonly string[], at: number, wanted: string): number {
  let seen = '';
  for (let end = at; end < folded.length && seen.length < wanted.length; end += 1) {
    seen += folded[end] ?? '';
    if (!wanted.startsWith(seen)) return 0;
    if (seen === wanted) return end - at + 1;
  }
  return 0;
}
