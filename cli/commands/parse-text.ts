import { InvalidArgumentError } from 'commander';

/** Parses the text of an option. @throws {InvalidArgumentError} if it is blank */
export function parseText(value: string): string {
  const text = value.trim();
  if (text === '') throw new InvalidArgumentError('It is blank.');
  return text;
}
