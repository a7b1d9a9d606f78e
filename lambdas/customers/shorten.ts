/**
 * The text, or as much of it as has the length, with an ellipsis. The length is in UTF-16 units, the strictest way in
 * which a limit may be meant; no character is cut in two.
 */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '');
  return `${cut}…`;
}
