import { InvalidArgumentError } from 'commander';

/** Options of the commands that apply changes. */
export const YES = ['-y, --yes', 'apply every change without asking'] as const;
export const DRY_RUN = ['--dry-run', 'show the changes, and apply none'] as const;

/** Parses the text of an option. @throws {InvalidArgumentError} if it is blank */
export function parseText(value: string): string {
  const text = value.trim();
  if (text === '') throw new InvalidArgumentError('It is blank.');
  return text;
}
