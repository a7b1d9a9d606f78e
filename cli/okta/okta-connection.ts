import * as v from 'valibot';
import { ServiceUnavailableError, UpstreamError } from '../../lambdas/errors';
import type { NoResponseError, Reply } from '../../lambdas/http-client/fetch-reply';
import {
  hasTransientStatus,
  isReply,
  type RetryPolicy,
  sendRepeatedly,
} from '../../lambdas/http-client/retry';
import { type CallContext, rejectionError, secondsToReset } from './okta-rejections';

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
  /** Timeout of one request in milliseconds. @default 30_000 */
  readonly patienceMs?: number;
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
    longestWaitMilliseconds: 65_000,
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
    const { signal, onWait, patienceMs = POLICY.attemptMilliseconds } = this.options;
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
      policy: { ...POLICY, attemptMilliseconds: patienceMs },
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
  if (next === undefined || !URL.canParse(next)) return null;
  const { pathname, search } = new URL(next);
  return pathname.replace(/^\/api\/v1\//, '') + search;
}
