import * as v from 'valibot';
import { parseUrl } from '../../lambdas/characters/parse-url';
import {
  ConfigurationError,
  NotFoundError,
  ServiceUnavailableError,
  UpstreamError,
} from '../../lambdas/errors';
import type { NoResponseError, Reply } from '../../lambdas/http-client/fetch-reply';
import {
  hasTransientStatus,
  isReply,
  type RetryPolicy,
  sendRepeatedly,
} from '../../lambdas/http-client/retry';

/** A request that changes data. */
export interface Write extends CallContext {
  readonly method: 'POST' | 'PUT';
  readonly body?: object;
  /** Whether the request is idempotent. */
  readonly repeatable: boolean;
}

export interface ConnectionOptions {
  /** Aborts requests and waits immediately, with its reason. */
  readonly signal: AbortSignal;
  /** Called before each wait for Okta's rate limit. */
  readonly onWait: (seconds: number) => void;
  /** Replaces parts of the policy, such as its waits. */
  readonly retries?: Partial<RetryPolicy>;
}

/** Okta returns the time at which its rate limit resets; it counts requests per minute. */
const POLICY: RetryPolicy = {
  attemptMilliseconds: 30_000,
  waitsMilliseconds: [200, 500, 1_000],
  spread: 1,
  isFailure: hasTransientStatus,
  isUndone: ({ status }) => status === 429 || status === 503,
  throttling: {
    isThrottled: ({ status }) => status === 429,
    waitMilliseconds: ({ headers }) => secondsToReset(headers) * 1_000,
    maxWaitMilliseconds: 65_000,
    times: 5,
  },
};

/**
 * Sends requests to one Okta organisation. Every method throws {ConfigurationError} if the token or the organisation is
 * invalid, {NotFoundError} for a missing resource, {ServiceUnavailableError} if no response comes, and {UpstreamError}
 * for a response that Okta's reference does not describe.
 */
export class OktaConnection {
  readonly #token: string;

  constructor(
    /** Scheme and host, without a trailing slash. */
    readonly orgUrl: string,
    token: string,
    private readonly options: ConnectionOptions,
  ) {
    this.#token = token;
  }

  async read<T>(context: CallContext, schema: v.GenericSchema<unknown, T>): Promise<T> {
    const reply = await this.#replyTo({ ...context, method: 'GET', repeatable: true });
    return this.#parse(reply, schema, context);
  }

  /** All items of a list, page by page, by Okta's links. */
  async readAll<T>(context: CallContext, item: v.GenericSchema<unknown, T>): Promise<readonly T[]> {
    const items: T[] = [];
    let path: string | null = context.path;
    while (path !== null) {
      const reply = await this.#replyTo({ ...context, path, method: 'GET', repeatable: true });
      items.push(...this.#parse(reply, v.array(item), context));
      path = nextPath(reply.headers.get('link'));
    }
    return items;
  }

  async readXml(context: CallContext): Promise<string> {
    const { text } = await this.#replyTo({ ...context, method: 'GET', repeatable: true }, 'application/xml');
    return text;
  }

  async write<T>(write: Write, schema: v.GenericSchema<unknown, T>): Promise<T> {
    return this.#parse(await this.#replyTo(write), schema, write);
  }

  async #replyTo(
    write: Write | (CallContext & { readonly method: 'GET'; readonly repeatable: true }),
    accept: 'application/json' | 'application/xml' = 'application/json',
  ): Promise<Reply> {
    const { signal, onWait, retries } = this.options;
    const body = 'body' in write ? write.body : undefined;
    const request = {
      system: 'Okta',
      method: write.method,
      url: `${this.orgUrl}/api/v1/${write.path}`,
      headers: {
        authorization: `SSWS ${this.#token}`,
        accept,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      idempotent: write.repeatable,
    };
    const reply = await sendRepeatedly(request, {
      policy: { ...POLICY, ...retries },
      signal,
      onWait: (milliseconds, outcome) => {
        if (isReply(outcome) && outcome.status === 429) onWait(milliseconds / 1_000);
      },
    });
    if (!isReply(reply)) throw this.#noAnswer(write, reply);
    if (reply.status !== 200) throw rejectionError(write, reply, { orgUrl: this.orgUrl, token: this.#token });
    return reply;
  }

  #parse<T>({ text }: Reply, schema: v.GenericSchema<unknown, T>, { purpose }: CallContext): T {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
    if (parsed.success) return parsed.output;
    const place = parsed.issues.map((issue) => v.getDotPath(issue) ?? 'the body').join(', ');
    throw new UpstreamError(
      `The response of ${this.orgUrl} is not valid for Okta's API (${place}), while trying to ${purpose}: check OKTA_ORG_URL`,
    );
  }

  #noAnswer(
    write: { readonly purpose: string; readonly repeatable: boolean },
    reply: NoResponseError,
  ): ServiceUnavailableError {
    const outcome = write.repeatable ? '' : ' The outcome is unknown: run this again; it checks first.';
    return new ServiceUnavailableError(
      `No response from ${this.orgUrl} while trying to ${write.purpose}: ${reply.reason}.${outcome}`,
      0,
      { cause: reply },
    );
  }
}

/** The next page's path after `/api/v1/`. Uses only the link's path, so that the token goes to no other host. */
function nextPath(link: string | null): string | null {
  const [, next] = /<([^>]*)>\s*;\s*rel="next"/.exec(link ?? '') ?? [];
  const url = parseUrl(next ?? '');
  return url && url.pathname.replace(/^\/api\/v1\//, '') + url.search;
}

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
function rejectionError(
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
function secondsToReset(headers: Headers): number {
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
