import type { ConnectionFault } from '../core/faults';
import { type HttpResponse, html, json } from '../core/http-response';
import {
  type AirtableError,
  authenticationRequired,
  monthlyQuotaExceeded,
  notPermittedOrMissing,
  rateLimited,
  requestTooLarge,
  serverError,
  unavailable,
} from './airtable-errors';

export type AirtableFault =
  /** 429, as observed or as documented. */
  | { readonly kind: 'rate-limit'; readonly form?: 'wire' | 'documented' }
  /** 429 for the month's quota. */
  | { readonly kind: 'monthly-quota' }
  /** 503, with a Retry-After header when the seconds are given. */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds?: number }
  /** 500. */
  | { readonly kind: 'server-error' }
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
  /** All list iterators expire before the request is carried out. */
  | { readonly kind: 'iterator-loss' };

export type Fault = AirtableFault | ConnectionFault;

/** A received request. Without a filter of their own, faults exempt metadata requests. */
export interface SeenRequest {
  readonly method: string;
  /** Decoded, without a trailing slash. */
  readonly path: string;
  readonly query: string;
  /** Parsed if it is JSON, else the text. */
  readonly body: unknown;
  readonly token: string | null;
}

export function errorResponse({ status, body, headers }: AirtableError): HttpResponse {
  return json(body, status, headers);
}

/** The response that replaces the true one. */
export function respondToFault(fault: Exclude<AirtableFault, { kind: 'iterator-loss' }>): HttpResponse {
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
    case 'html':
      return html(200, 'Sign in');
    case 'no-records':
      return json({});
  }
}
