/**
 * The text, cut to the length with an ellipsis if it is longer. The length is in UTF-16 units, the strictest meaning of
 * a limit; no character is cut in two.
 */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '');
  return `${cut}…`;
}
