import * as v from 'valibot';
import { CredentialsRefused, Misconfigured, Unavailable, UpstreamFailed } from '../errors/errors';
import type { Reply } from '../http-client/send';

/** Airtable does not know these columns (Airtable contract 1.3). The names may come in lower case. */
export class UnknownColumns extends Error {
  override readonly name = 'UnknownColumns';

  constructor(readonly columns: readonly string[]) {
    super(`The table has no column ${columns.join(', ')}`);
  }
}

/** Airtable does not take what was sent; the type says why (Airtable contract 1.3). */
export class Rejected extends Error {
  override readonly name = 'Rejected';

  constructor(
    readonly type: string,
    message: string,
  ) {
    super(`Airtable rejects the request: ${type} ${message}`.trim());
  }
}

/** The record or table is gone, or the token may not touch it; Airtable does not tell which (contract 1.2). */
export class GoneOrForbidden extends Error {
  override readonly name = 'GoneOrForbidden';
}

const QUOTA_USED_UP = 'PUBLIC_API_BILLING_LIMIT_EXCEEDED';

/** After a 429 Airtable answers nothing for 30 s (Airtable contract 4). */
const RATE_LIMIT_SECONDS = 30;
const OUTAGE_SECONDS = 5;
/** The quota comes back with the month; an hour keeps a client from asking in vain. */
const QUOTA_SECONDS = 3_600;

/** Whether repeating is in vain: over the month's quota Airtable answers 429 too, until the month ends. */
export function isQuotaUsedUp({ status, body }: Reply): boolean {
  return status === 429 && readFailure(body).type === QUOTA_USED_UP;
}

/** The error that a reply other than 200 stands for. */
export function errorOf(reply: Reply, place: string): Error {
  const { type, message } = readFailure(reply.body);
  if (isQuotaUsedUp(reply)) {
    return new Unavailable(
      "The month's Airtable API quota is used up: raise the plan or wait for the next month",
      QUOTA_SECONDS,
    );
  }
  if (reply.status === 429) {
    const wait = reply.retryAfterSeconds ?? RATE_LIMIT_SECONDS;
    return new Unavailable('Airtable limits the rate: more than 5 requests a second to the base', wait);
  }
  if (reply.status >= 500) {
    return new Unavailable(`Airtable answers ${reply.status}`, reply.retryAfterSeconds ?? OUTAGE_SECONDS);
  }
  if (reply.status === 401) {
    return new CredentialsRefused(
      'Airtable',
      'Airtable refuses AIRTABLE_API_KEY: put a valid token in the secret',
    );
  }
  if (type === 'UNKNOWN_FIELD_NAME' || /Unknown field names:/i.test(message)) {
    return new UnknownColumns(readColumnNames(message));
  }
  if (reply.status === 403 || reply.status === 404)
    return new GoneOrForbidden(`${place}: ${type} ${message}`);
  if (reply.status === 422) return new Rejected(type, message);
  return new UpstreamFailed(`Airtable answers ${reply.status} ${type} to ${place}`);
}

/** What to tell whoever runs the service when the base or a table is not to be had at all. */
export function tableOutOfReach(table: string, cause: unknown): Misconfigured {
  return new Misconfigured(
    [
      `Airtable gives no access to the table ${table}: check AIRTABLE_BASE_ID, that the table has this name, and ` +
        'that the token has the base and the scopes data.records:read and data.records:write',
    ],
    { cause },
  );
}

function readColumnNames(message: string): string[] {
  const quoted = /Unknown field name: "(.+)"/.exec(message)?.[1];
  if (quoted !== undefined) return [quoted];
  const list = /Unknown field names: (.+)$/.exec(message)?.[1] ?? '';
  return list.split(',').flatMap((name) => name.trim() || []);
}

/** The envelopes in which Airtable puts an error's type; with and without a message are one (Airtable contract 1.2). */
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
