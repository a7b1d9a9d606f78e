/** The text, or as much of it as has the length, with an ellipsis. Counts characters, so that none is cut in two. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
