/** A stretch of a message's text: shown as it is, or as a link to `href`. */
export interface TextPart {
  readonly text: string;
  /** Always `https:` or `http:`. */
  readonly href?: string;
}

// A web address as people type it. Everything else stays text: no mailto, tel, javascript or data.
const WEB_ADDRESS = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/giu;
/** Punctuation that ends the sentence and not the address. */
const TRAILING = new Set('.,;:!?*_~…');
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

/** Splits a text into plain stretches and links. The parts joined are the text. */
export function linkParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(WEB_ADDRESS)) {
    const address = trimmed(match[0]);
    const href = webAddress(address);
    if (href === null) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** An address safe to put into `href`, or null: only http and https pass. */
export function webAddress(address: string): string | null {
  const absolute = /^www\./iu.test(address) ? `https://${address}` : address;
  if (!URL.canParse(absolute)) return null;
  const { protocol, href } = new URL(absolute);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}

/** Without what ends the sentence. In one pass, because a customer may send thousands of brackets. */
function trimmed(address: string): string {
  const characters = [...address];
  const counts = new Map<string, number>();
  for (const each of characters) counts.set(each, count(each) + 1);
  function count(character: string): number {
    return counts.get(character) ?? 0;
  }
  let end = characters.length;
  for (; end > 0; end -= 1) {
    const last = characters[end - 1] ?? '';
    const opening = OPENING[last];
    // A closing bracket belongs to the address only when the address opened it.
    const isExcess = opening !== undefined && count(last) > count(opening);
    if (!isExcess && !TRAILING.has(last)) break;
    counts.set(last, count(last) - 1);
  }
  return characters.slice(0, end).join('');
}
