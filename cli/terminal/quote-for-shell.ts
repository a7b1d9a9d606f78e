import { printableLine } from '../../lambdas/characters/visible-text';

/** A text as one word of a command that a person copies: as it is if a shell takes it so, else in single quotes. */
export function quoteForShell(text: string): string {
  const line = printableLine(text);
  return /^[\w@.+:/-]+$/.test(line) ? line : `'${line.replaceAll("'", "'\\''")}'`;
}
