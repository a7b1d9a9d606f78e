import { isKnownError } from '../errors/errors';
import { maskNumbers } from '../journal/mask';

/** An error and what caused it, in words; a stack only where nobody foresaw the error. */
export function describeError(error: unknown): object {
  if (isKnownError(error) || !(error instanceof Error)) return inWords(error);
  return { ...inWords(error), stack: maskNumbers(error.stack ?? '') };
}

function inWords(error: unknown): object {
  if (!(error instanceof Error)) return { message: maskNumbers(String(error)) };
  const { name, message, cause } = error;
  return { name, message: maskNumbers(message), ...(cause !== undefined && { cause: inWords(cause) }) };
}
