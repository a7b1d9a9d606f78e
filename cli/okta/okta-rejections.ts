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
  const configurationError = (message: string) => new ConfigurationError([message]);
  const rejected = `Okta rejected the request to ${purpose} (${status}${stated})`;
  if (status === 401) {
    return configurationError(
      `OKTA_API_TOKEN was rejected (401${stated}): it is mistyped, revoked, not of the organisation ${orgUrl}, or expired after 30 days without use. Create another at Okta admin > Security > API > Tokens`,
    );
  }
  if (status === 403) {
    return configurationError(
      `${rejected}: the administrator who created OKTA_API_TOKEN has no role that allows ${permission}. An administrator with that role must create the token, such as a super administrator`,
    );
  }
  if (status >= 300 && status < 400) {
    return configurationError(
      `${orgUrl} redirects (${status}), and the token is not sent to another host: check that OKTA_ORG_URL is the organisation's own URL`,
    );
  }
  const failed = `Okta returned ${status} while trying to ${purpose}${stated}`;
  if (status === 404) return new NotFoundError(`${failed}. Check that ${orgUrl} is the right organisation`);
  if (status === 429) {
    const message = `Okta rate limit reached (429) while trying to ${purpose}. Run this again in a few minutes`;
    return new ServiceUnavailableError(message, secondsToReset(headers));
  }
  return status >= 500 ? new ServiceUnavailableError(failed, 0) : new UpstreamError(rejected);
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
