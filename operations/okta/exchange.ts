import { errorCode } from '../../lib/error-code';
import { GivenUp, withPatience } from '../http-client/with-patience';

export interface OktaRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly token: string;
  readonly accept: 'application/json' | 'application/xml';
  readonly body?: object;
}

export interface OktaReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** No reply came: refused, reset, or nothing in time. Whether Okta did what it was told is unknown. */
export class NoReply extends Error {
  override readonly name = 'NoReply';
}

/**
 * One request and its reply, whatever the status. The service's own `send` knows neither PUT nor headers nor XML.
 * @param patienceMs after which no reply is waited for any more
 * @throws {NoReply} where none comes; the signal's reason once it is aborted.
 */
export async function exchange(
  request: OktaRequest,
  signal: AbortSignal,
  patienceMs: number,
): Promise<OktaReply> {
  signal.throwIfAborted();
  try {
    return await withPatience(patienceMs, signal, (givenUp) => fetchReply(request, givenUp));
  } catch (cause) {
    signal.throwIfAborted();
    throw new NoReply(reasonOf(cause), { cause });
  }
}

async function fetchReply(request: OktaRequest, signal: AbortSignal): Promise<OktaReply> {
  const response = await fetch(request.url, {
    method: request.method,
    headers: {
      authorization: `SSWS ${request.token}`,
      accept: request.accept,
      ...(request.body && { 'content-type': 'application/json' }),
    },
    ...(request.body && { body: JSON.stringify(request.body) }),
    // The token is for this host and for no other.
    redirect: 'manual',
    signal,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function reasonOf(error: unknown): string {
  if (error instanceof GivenUp) return error.message;
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  switch (errorCode(cause)) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'there is no such host';
    case 'ECONNREFUSED':
      return 'nothing listens there';
    default:
      return 'the connection broke';
  }
}
