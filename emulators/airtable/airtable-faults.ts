import {
  authenticationRequired,
  monthlyQuotaExceeded,
  notPermittedOrMissing,
  rateLimited,
  requestTooLarge,
  serverError,
  unavailable,
} from './airtable-errors';
import { type Answer, htmlAnswer, jsonResponse, refusalAnswer } from './answer';
import type { Query } from './query-string';

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  /** Decoded, without a closing slash. */
  readonly path: string;
  readonly query: Query;
  /** Parsed when it is JSON. */
  readonly body: unknown;
  readonly token: string | null;
  /** Null as long as there is no answer, and for good where the connection was cut. */
  readonly status: number | null;
}

export type Fault =
  /** 429, as over the wire or as documented. */
  | { readonly kind: 'rate-limit'; readonly form?: 'wire' | 'documented' }
  /** 429 for the month's quota. */
  | { readonly kind: 'monthly-quota' }
  /** 503, with a Retry-After header when the seconds are given. */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds?: number }
  /** 500. */
  | { readonly kind: 'server-error' }
  /** 502 with HTML, as a proxy answers. */
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
  /** The request is carried out at once and answered late, headers and all. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Nothing is carried out, and no answer comes. */
  | { readonly kind: 'silent' }
  /** Headers and half of the body, then nothing. */
  | { readonly kind: 'stalled-body' }
  /** The connection is reset, and nothing is carried out. */
  | { readonly kind: 'connection-reset' }
  /** The request is carried out, and the connection is reset in place of an answer. */
  | { readonly kind: 'answer-lost' }
  /** All list iterators expire before the request is carried out. */
  | { readonly kind: 'iterator-loss' };

type Only = (request: SeenRequest) => boolean;

/** Faults. Without `only`, requests about metadata are not hit; a given `only` sees them too, by their path. */
export interface Faults {
  /** The next `count` requests (of those that `only` lets through) meet the fault. Calls queue up. */
  next(count: number, fault: Fault, only?: Only): void;
  /** Every request (of those that `only` lets through) meets the fault, once the queue has none for it. */
  always(fault: Fault, only?: Only): void;
  /** From here on all is well. */
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

  /** The fault that this request meets, which uses it up. */
  take(request: SeenRequest): Fault | undefined {
    const entry = [...this.#queue, ...this.#standing].find(({ left, only }) => left > 0 && only(request));
    if (entry) entry.left--;
    return entry?.fault;
  }
}

/** What stands in place of the true answer; undefined for a fault that leaves the answer as it is. */
export function answerInstead(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'rate-limit':
      return refusalAnswer(rateLimited(fault.form));
    case 'monthly-quota':
      return refusalAnswer(monthlyQuotaExceeded());
    case 'unavailable':
      return refusalAnswer(unavailable(fault.retryAfterSeconds));
    case 'server-error':
      return refusalAnswer(serverError());
    case 'unauthorized':
      return refusalAnswer(authenticationRequired());
    case 'forbidden':
      return refusalAnswer(notPermittedOrMissing());
    case 'too-large':
      return refusalAnswer(requestTooLarge());
    case 'bad-gateway':
      return htmlAnswer(502, '502 Bad Gateway');
    case 'html':
      return htmlAnswer(200, 'Sign in');
    case 'no-records':
      return jsonResponse(200, {});
    default:
      return undefined;
  }
}
