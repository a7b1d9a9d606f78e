import { ApiError, ConnectionError } from '../api/client';
import { texts } from '../texts';

/** Why an action did not work, in words. */
export function failureText(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return error instanceof ConnectionError ? texts.noConnection : texts.somethingWrong;
}
