import { isKnownError } from '../errors';
import { redactNumbers } from './redact';

/** An error and its causes as an object; with a stack only for an unexpected error. */
export function describeError(error: unknown): object {
  if (isKnownError(error) || !(error instanceof Error)) return inWords(error);
  return { ...inWords(error), stack: redactNumbers(error.stack ?? '') };
}

function inWords(error: unknown): object {
  if (!(error instanceof Error)) return { message: redactNumbers(String(error)) };
  const { name, message, cause } = error;
  return { name, message: redactNumbers(message), ...(cause !== undefined && { cause: inWords(cause) }) };
}
