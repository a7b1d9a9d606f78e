import {
  authenticationRequired,
  monthlyQuotaExceeded,
  notPermittedOrMissing,
  rateLimited,
  requestTooLarge,
  serverError,
  unavailable,
} from './airtable-errors';
import { errorResponse, type HttpResponse, htmlResponse, jsonResponse } from './http-response';
import type { Query } from './query-string';

/** A received request. */
export interface SeenRequest {
  readonly method: string;
  /** Decoded, without a trailing slash. */
  readonly path: string;
  readonly query: Query;
  /** Parsed if it is JSON. */
  readonly body: unknown;
  readonly token: string | null;
  /** Null until the response is sent, and permanently if the connection was cut. */
  readonly status: number | null;
}

export type Fault =
  /** 429, as observed or as documented. */
  | { readonly kind: 'rate-limit'; readonly form?: 'wire' | 'documented' }
  /** 429 for the month's quota. */
  | { readonly kind: 'monthly-quota' }
  /** 503, with a Retry-After header when the seconds are given. */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds?: number }
  /** 500. */
  | { readonly kind: 'server-error' }
  /** 502 with HTML, as from a proxy. */
  | { readonly kind: 'bad-gateway' }
  /** 401, as for a token that was revoked. */
  | { readonly kind: 'unauthorized' }
  /** 403, as for a token that lost its scopes or the base. */
  | { readonly kind: 'forbidden' }
  /** 413. */
  | { readonly kind: 'too-large' }
  /** 200 with HTML. */
  | { readonly kind: 'html' }
  /** 200 with JSON that lacks `records`. */
  | { readonly kind: 'no-records' }
  /** The request is carried out at once; the whole response, with its headers, comes late. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Nothing is carried out, and there is no response. */
  | { readonly kind: 'silent' }
  /** Headers and half of the body, then nothing. */
  | { readonly kind: 'stalled-body' }
  /** The connection is reset, and nothing is carried out. */
  | { readonly kind: 'connection-reset' }
  /** The request is carried out, and the connection is reset instead of a response. */
  | { readonly kind: 'answer-lost' }
  /** All list iterators expire before the request is carried out. */
  | { readonly kind: 'iterator-loss' };

type Only = (request: SeenRequest) => boolean;

/** Faults. Without `only`, metadata requests are exempt; a given `only` also sees them, by their path. */
export interface Faults {
  /** The next `count` requests that match `only` meet the fault. Calls queue up. */
  next(count: number, fault: Fault, only?: Only): void;
  /** Every request that matches `only` meets the fault, unless the queue has one for it. */
  always(fault: Fault, only?: Only): void;
  /** Ends all faults. */
  clear(): void;
}

interface Entry {
  left: number;
  readonly fault: Fault;
  readonly only: Only;
}

const ABOUT_RECORDS: Only = ({ path }) => !path.startsWith('/v0/meta/');

export class FaultQueue implements Faults {
  #queue: Entry[] = [];
  #standing: Entry[] = [];

  next(count: number, fault: Fault, only = ABOUT_RECORDS): void {
    this.#queue.push({ left: count, fault, only });
  }

  always(fault: Fault, only = ABOUT_RECORDS): void {
    this.#standing.push({ left: Number.POSITIVE_INFINITY, fault, only });
  }

  clear(): void {
    this.#queue = [];
    this.#standing = [];
  }

  /** Takes the fault that this request meets. */
  take(request: SeenRequest): Fault | undefined {
    const entry = [...this.#queue, ...this.#standing].find(({ left, only }) => left > 0 && only(request));
    if (entry) entry.left--;
    return entry?.fault;
  }
}

/** The response that replaces the true one; undefined for a fault that does not change the response. */
export function responseToFault(fault: Fault): HttpResponse | undefined {
  switch (fault.kind) {
    case 'rate-limit':
      return errorResponse(rateLimited(fault.form));
    case 'monthly-quota':
      return errorResponse(monthlyQuotaExceeded());
    case 'unavailable':
      return errorResponse(unavailable(fault.retryAfterSeconds));
    case 'server-error':
      return errorResponse(serverError());
    case 'unauthorized':
      return errorResponse(authenticationRequired());
    case 'forbidden':
      return errorResponse(notPermittedOrMissing());
    case 'too-large':
      return errorResponse(requestTooLarge());
    case 'bad-gateway':
      return htmlResponse(502, '502 Bad Gateway');
    case 'html':
      return htmlResponse(200, 'Sign in');
    case 'no-records':
      return jsonResponse(200, {});
    default:
      return undefined;
  }
}
