import * as v from 'valibot';
import {
  ConfigurationError,
  NotFoundError,
  ServiceUnavailableError,
  UpstreamError,
} from '../../lambdas/errors';
import type { Reply } from '../../lambdas/http-client/fetch-reply';

/** A permission that the token's administrator needs. */
type Permission = 'to manage applications' | 'to see people and groups' | "to edit people's profiles";

/** The path and purpose of a request to Okta. */
export interface CallContext {
  /** After `/api/v1/`. */
  readonly path: string;
  /** The request's name in messages: "create the application". */
  readonly purpose: string;
  readonly permission: Permission;
}

/** Explains a status other than 200 with its fix. The message never contains the token. */
export function rejectionError(
  { purpose, permission }: CallContext,
  { status, headers, text }: Pick<Reply, 'status' | 'headers' | 'text'>,
  { orgUrl, token }: { readonly orgUrl: string; readonly token: string },
): Error {
  const words = statedReason(text).replaceAll(token, '…');
  const stated = words && `: ${words}`;
  if (status === 401) {
    return new ConfigurationError([
      `OKTA_API_TOKEN was rejected (401${stated}): it is mistyped, revoked, not of the organisation ` +
        `${orgUrl}, or expired after 30 days without use. Create another at Okta admin > Security > API > Tokens`,
    ]);
  }
  const what = `Okta rejected the request to ${purpose} (${status}${stated})`;
  if (status === 403) {
    return new ConfigurationError([
      `${what}: the administrator who created OKTA_API_TOKEN has no role that allows ${permission}. An administrator with ` +
        'that role must create the token, such as a super administrator',
    ]);
  }
  if (status === 404) {
    return new NotFoundError(
      `Okta returned 404 while trying to ${purpose}${stated}. Check that ${orgUrl} is the right organisation`,
    );
  }
  if (status === 429) {
    return new ServiceUnavailableError(
      `Okta rate limit reached (429) while trying to ${purpose}. Run this again in a few minutes`,
      secondsToReset(headers),
    );
  }
  if (status >= 500) {
    return new ServiceUnavailableError(`Okta returned ${status} while trying to ${purpose}${stated}`, 0);
  }
  if (status >= 300 && status < 400) {
    return new ConfigurationError([
      `${orgUrl} redirects (${status}), and the token is not sent to another host: check that OKTA_ORG_URL is the ` +
        "organisation's own URL",
    ]);
  }
  return new UpstreamError(what);
}

/** Seconds until Okta's rate limit resets, by Okta's clock, because ours may differ. */
export function secondsToReset(headers: Headers): number {
  const reset = Number(headers.get('x-rate-limit-reset') ?? Number.NaN);
  const now = Date.parse(headers.get('date') ?? '') / 1_000;
  const seconds = Math.ceil(reset - now);
  return Number.isNaN(seconds) ? 1 : Math.max(1, seconds);
}

const ErrorBody = v.object({
  errorSummary: v.string(),
  errorCauses: v.optional(v.array(v.object({ errorSummary: v.string() })), []),
});

/** The text of Okta's error body; empty if it is not valid. */
function statedReason(text: string): string {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ErrorBody), text);
  if (!parsed.success) return '';
  const { errorSummary, errorCauses } = parsed.output;
  return [errorSummary, ...errorCauses.map((cause) => cause.errorSummary)].join('; ');
}
