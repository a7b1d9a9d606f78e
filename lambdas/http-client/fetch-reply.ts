import * as v from 'valibot';
import { abortable } from './deadline';
import { type Clock, systemClock } from './rate-limiter';

/** A request to an external system. */
export interface HttpRequest {
  /** The system's name, for messages. */
  readonly system: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** @default MAX_REPLY_BYTES */
  readonly maxReplyBytes?: number;
}

/** A response with any status. */
export interface Reply {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Headers;
  /** Seconds to wait, from `Retry-After` in either of its forms; null where absent. */
  readonly retryAfterSeconds: number | null;
  readonly text: string;
  /** The parsed JSON; undefined where the body is something else, such as a proxy's HTML page or an empty body. */
  readonly body: unknown;
  /** When the request was sent, in milliseconds since the epoch. */
  readonly sentAt: number;
}

/** No response: connection refused or reset, or a timeout. Whether the server carried out the request is unknown. */
export class NoResponseError extends Error {
  override readonly name: string = 'NoResponseError';

  constructor(
    message: string,
    /** The reason as part of a sentence: "connection broken". */
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The response exceeds the request's size limit; the connection was closed. A retry would not make it shorter. */
export class ReplyTooLargeError extends NoResponseError {
  override readonly name = 'ReplyTooLargeError';
}

/** Limits memory use, because a body may be endless. */
export const MAX_REPLY_BYTES = 8 * 1_024 * 1_024;

export interface FetchOptions {
  /** Timeout until the last byte of the response. */
  readonly milliseconds: number;
  /** Aborts the wait as well. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
}

/** Sends once. Redirects are not followed, because the credentials are for this host only. */
export async function fetchReply(
  request: HttpRequest,
  { milliseconds, signal, clock = systemClock }: FetchOptions,
): Promise<Reply | NoResponseError> {
  // Not AbortSignal.any: Node 20 may garbage-collect the parts of such a signal, which then never fires.
  const ending = new AbortController();
  const end = () => ending.abort();
  const timer = setTimeout(end, milliseconds);
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  try {
    return await abortable(ending.signal, () => exchange(request, ending.signal, clock.time()));
  } catch (cause) {
    if (cause instanceof ReplyTooLargeError) return cause;
    const reason = ending.signal.aborted ? 'timed out' : reasonOf(cause);
    return new NoResponseError(`No response from ${request.system} to ${placeOf(request)}`, reason, {
      cause,
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** The request's name in messages. */
export function placeOf({ method, url }: Pick<HttpRequest, 'method' | 'url'>): string {
  return `${method} ${decodeURI(new URL(url).pathname)}`;
}

async function exchange(request: HttpRequest, signal: AbortSignal, sentAt: number): Promise<Reply> {
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    ...(request.body !== undefined && { body: request.body }),
    redirect: 'manual',
    signal,
  });
  const text = await readText(response, request);
  return {
    status: response.status,
    headers: response.headers,
    retryAfterSeconds: readRetryAfter(response.headers, sentAt),
    text,
    body: readJson(text),
    sentAt,
  };
}

/** Leaving the loop early cancels the stream and closes the connection. */
async function readText(response: Response, request: HttpRequest): Promise<string> {
  if (response.body === null) return '';
  const { maxReplyBytes = MAX_REPLY_BYTES } = request;
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxReplyBytes) {
      throw new ReplyTooLargeError(
        `${request.system} returned more than ${maxReplyBytes / 1_024 / 1_024} MB to ${placeOf(request)}`,
        'response too large',
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const MAX_RETRY_AFTER_SECONDS = 99_999;
/** The preferred date format in HTTP: "Wed, 21 Oct 2015 07:28:00 GMT". */
const HTTP_DATE = /^[a-z]{3}, \d\d [a-z]{3} \d{4} \d\d:\d\d:\d\d gmt$/i;

/** A date is compared with the server's own `Date`, because the local clock may differ. */
function readRetryAfter(headers: Headers, now: number): number | null {
  const header = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,5}$/.test(header)) return Number(header);
  if (!HTTP_DATE.test(header)) return null;
  const serverTime = Date.parse(headers.get('date') ?? '');
  const seconds = Math.ceil((Date.parse(header) - (Number.isNaN(serverTime) ? now : serverTime)) / 1_000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS);
}

const JsonText = v.pipe(v.string(), v.parseJson());

function readJson(text: string): unknown {
  const parsed = v.safeParse(JsonText, text);
  return parsed.success ? parsed.output : undefined;
}

const WithCause = v.object({ cause: v.object({ code: v.string() }) });

function reasonOf(error: unknown): string {
  const code = v.is(WithCause, error) ? error.cause.code : null;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'host not found';
    case 'ECONNREFUSED':
      return 'connection refused';
    default:
      return 'connection broken';
  }
}
