import * as v from 'valibot';
import {
  ConfigurationError,
  CredentialsRejectedError,
  ServiceUnavailableError,
  UpstreamError,
} from '../errors';
import type { Reply } from '../http-client/fetch-reply';

/** Airtable does not know these columns (airtable.md#validation-errors). The names may be in lower case. */
export class UnknownColumnsError extends Error {
  override readonly name = 'UnknownColumns';

  constructor(readonly columns: readonly string[]) {
    super(`The table has no column ${columns.join(', ')}`);
  }
}

/** Airtable rejected the request; the type says why (airtable.md#validation-errors). */
export class AirtableApiError extends Error {
  override readonly name = 'AirtableApiError';

  constructor(
    readonly type: string,
    message: string,
  ) {
    super(`Airtable rejects the request: ${type} ${message}`.trim());
  }
}

/** The record or table is gone, or the token may not access it; Airtable does not say which (airtable.md#errors). */
export class GoneOrForbiddenError extends Error {
  override readonly name = 'GoneOrForbidden';
}

/**
 * Rate limit of the base exceeded. Airtable then rejects all requests for 30 s (airtable.md#rate-limits-and-quotas).
 */
export class ThrottledError extends ServiceUnavailableError {
  constructor(retryAfterSeconds: number) {
    super(RATE_LIMIT_EXCEEDED, retryAfterSeconds, {
      userMessage: 'Airtable is busy right now. Please try again in half a minute.',
    });
  }
}

/** The workspace's monthly API quota is used up; retrying does not help until the month ends. */
export class QuotaExceededError extends ServiceUnavailableError {
  constructor() {
    super(
      "The month's Airtable API quota is used up: raise the plan or wait for the next month",
      QUOTA_SECONDS,
    );
  }
}

/**
 * A non-idempotent request got no response, or one that does not say whether it was carried out. Check before sending
 * it again.
 */
export class UnknownOutcomeError extends ServiceUnavailableError {
  constructor(message: string, cause?: unknown) {
    super(message, OUTAGE_SECONDS, { cause });
  }
}

const QUOTA_USED_UP = 'PUBLIC_API_BILLING_LIMIT_EXCEEDED';
const SAFE_TO_RETRY = 'RETRIABLE_ERROR';
const LIST_ITERATOR_EXPIRED = new Set(['LIST_RECORDS_ITERATOR_NOT_AVAILABLE', 'INVALID_OFFSET_VALUE']);

export const RATE_LIMIT_EXCEEDED = 'Airtable rate limit exceeded (5 requests per second per base)';
/** After a 429, Airtable rejects all requests for 30 s (airtable.md#rate-limits-and-quotas). */
export const PENALTY_SECONDS = 30;
const OUTAGE_SECONDS = 5;
/** The quota resets monthly; waiting an hour avoids useless requests. */
const QUOTA_SECONDS = 3_600;

type ErrorReply = Pick<Reply, 'status' | 'body' | 'retryAfterSeconds'>;

/** Above the monthly quota Airtable also returns 429, but until the month ends instead of for 30 s. */
export function isQuotaExceeded({ status, body }: ErrorReply): boolean {
  return status === 429 && readFailure(body).type === QUOTA_USED_UP;
}

/** Whether the response means that nothing was done: a 429, or a 503 from Airtable itself (airtable.md#errors). */
export function isUndone({ status, body }: ErrorReply): boolean {
  return status === 429 || (status === 503 && readFailure(body).type === SAFE_TO_RETRY);
}

/** Whether the list iterator expired; the list must be read from the start (airtable.md#listing-records). */
export function isListIteratorExpired(error: unknown): boolean {
  return error instanceof AirtableApiError && LIST_ITERATOR_EXPIRED.has(error.type);
}

/** The error for a response other than 200. */
export function errorOf(reply: ErrorReply, place: string): Error {
  const { type, message } = readFailure(reply.body);
  if (isQuotaExceeded(reply)) return new QuotaExceededError();
  if (reply.status === 429) return new ThrottledError(reply.retryAfterSeconds ?? PENALTY_SECONDS);
  if (reply.status >= 500) {
    return new ServiceUnavailableError(
      `Airtable returned ${reply.status}`,
      reply.retryAfterSeconds ?? OUTAGE_SECONDS,
    );
  }
  if (reply.status === 401) {
    return new CredentialsRejectedError(
      'Airtable',
      'Airtable rejects AIRTABLE_API_KEY: put a valid token in the secret',
    );
  }
  if (type === 'UNKNOWN_FIELD_NAME' || /Unknown field names:/i.test(message)) {
    return new UnknownColumnsError(readColumnNames(message));
  }
  if (reply.status === 403 || reply.status === 404)
    return new GoneOrForbiddenError(`${place}: ${type} ${message}`);
  if (reply.status === 422) return new AirtableApiError(type, message);
  return new UpstreamError(`Airtable returned ${reply.status} ${type} to ${place}`);
}

/** The operator's error when the base or a table is not accessible. */
export function tableOutOfReach(table: string, cause: unknown): ConfigurationError {
  return new ConfigurationError(
    [
      `Airtable denies access to the table ${table}: check AIRTABLE_BASE_ID, that the table has this name, and ` +
        'that the token has the base and the scopes data.records:read and data.records:write',
    ],
    { cause },
  );
}

/** The operator's error when the base lacks columns that the service needs. */
export function missingColumns(
  table: string,
  columns: readonly string[],
  cause?: unknown,
): ConfigurationError {
  const names = columns.map((column) => `"${column}"`).join(', ');
  return new ConfigurationError([`The table ${table} has no column ${names}: add it to the base`], { cause });
}

function readColumnNames(message: string): string[] {
  const quoted = /Unknown field name: "(.+)"/.exec(message)?.[1];
  if (quoted !== undefined) return [quoted];
  const list = /Unknown field names: (.+)$/.exec(message)?.[1] ?? '';
  return list.split(',').flatMap((name) => name.trim() || []);
}

/** Airtable's error envelopes; with or without a message they mean the same (airtable.md#errors). */
const Failure = v.union([
  v.pipe(
    v.object({ error: v.object({ type: v.string(), message: v.optional(v.string(), '') }) }),
    v.transform(({ error }) => error),
  ),
  v.pipe(
    v.object({ error: v.string() }),
    v.transform(({ error }) => ({ type: error, message: '' })),
  ),
  v.pipe(
    v.object({
      errors: v.tupleWithRest(
        [v.object({ error: v.string(), message: v.optional(v.string(), '') })],
        v.unknown(),
      ),
    }),
    v.transform(({ errors: [{ error, message }] }) => ({ type: error, message })),
  ),
]);

/** The type and message of an error body; both blank where the body is something else, such as a proxy's page. */
function readFailure(body: unknown): { readonly type: string; readonly message: string } {
  const parsed = v.safeParse(Failure, body);
  return parsed.success ? parsed.output : { type: '', message: '' };
}
