import * as v from 'valibot';
import {
  ConfigurationError,
  NotFoundError,
  ServiceUnavailableError,
  UpstreamError,
} from '../../lambdas/errors';
import type { Reply } from '../../lambdas/http-client/fetch-reply';

/** What the administrator for whom the token acts has to be allowed to do. */
type Permission = 'to manage applications' | 'to see people and groups' | "to edit people's profiles";

/** One thing that is wanted of Okta. */
export interface CallContext {
  /** Behind `/api/v1/`. */
  readonly path: string;
  /** As messages name it: "create the application". */
  readonly purpose: string;
  readonly permission: Permission;
}

/** What a reply other than 200 means, and what to do about it. The token is not in the words. */
export function refusalOf(
  { purpose, permission }: CallContext,
  { status, headers, text }: Pick<Reply, 'status' | 'headers' | 'text'>,
  { orgUrl, token }: { readonly orgUrl: string; readonly token: string },
): Error {
  const words = wordsOf(text).replaceAll(token, '…');
  const said = words && `: ${words}`;
  if (status === 401) {
    return new ConfigurationError([
      `OKTA_API_TOKEN is not taken (401${said}): it is mistyped, revoked, of another organisation than ` +
        `${orgUrl}, or expired, as a token does after 30 days in which nobody used it. Okta admin > Security > API > Tokens > Create token makes another`,
    ]);
  }
  const what = `Okta refuses to ${purpose} (${status}${said})`;
  if (status === 403) {
    return new ConfigurationError([
      `${what}: the administrator who made OKTA_API_TOKEN has no role that allows ${permission}. Let one make the token ` +
        'who has it; a super administrator has it all',
    ]);
  }
  if (status === 404) {
    return new NotFoundError(
      `Okta does not find what it takes to ${purpose} (404${said}). If it is there, is ${orgUrl} the right organisation?`,
    );
  }
  if (status === 429) {
    return new ServiceUnavailableError(
      `Okta takes no more requests for now (429), and so does not ${purpose}. Run this again in a few minutes`,
      secondsToReset(headers),
    );
  }
  if (status >= 500) {
    return new ServiceUnavailableError(`Okta is in trouble: it fails to ${purpose} (${status}${said})`, 0);
  }
  if (status >= 300 && status < 400) {
    return new ConfigurationError([
      `${orgUrl} sends its callers elsewhere (${status}), and the token is not sent after them: is OKTA_ORG_URL the ` +
        "organisation's own address?",
    ]);
  }
  return new UpstreamError(what);
}

/** How long Okta takes no requests, by its own clock: ours may be another. */
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

/** What Okta's error body says; nothing where it is none. */
function wordsOf(text: string): string {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ErrorBody), text);
  if (!parsed.success) return '';
  const { errorSummary, errorCauses } = parsed.output;
  return [errorSummary, ...errorCauses.map((cause) => cause.errorSummary)].join('; ');
}
