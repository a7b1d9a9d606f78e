const LETTER = /\p{L}/u;

/** One or two letters that stand for a name; `#` for a number. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).flatMap((word) => {
    const letter = [...word].find((character) => LETTER.test(character));
    return letter === undefined ? [] : [letter];
  });
  const first = words[0];
  if (first === undefined) return '#';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return `${first}${last ?? ''}`.toLocaleUpperCase();
}

/** The number of colours that `styles/base.css` has for initials. */
const HUES = 8;

/** A colour for initials, the same for an id on every device: 0 to 7. */
export function hue(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return hash % HUES;
}
