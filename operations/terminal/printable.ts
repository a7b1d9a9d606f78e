import { stripVTControlCharacters } from 'node:util';

/** One line of text without what a terminal takes for a command: names and words come from customers. */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '');
}
