import type { ConnectionFault } from '../core/faults';
import { type HttpResponse, json } from '../core/http-response';
import { TwilioError, twilioError } from './twilio-errors';

/** How Twilio can fail. */
export type TwilioFault =
  /** 429 / 20429: the request was not processed. */
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds?: number }
  /** 500 / 20500. */
  | { readonly kind: 'server-error' }
  /** 503 / 20503. */
  | { readonly kind: 'unavailable' }
  /** A response that is not Twilio's, such as a proxy's page with status 200; nothing was done. */
  | { readonly kind: 'other-response'; readonly status: number; readonly body: string }
  /** Any other error response of Twilio. */
  | { readonly kind: 'rejected'; readonly status: number; readonly code: number; readonly message: string };

/** How a request can fail: at Twilio, or on the way. */
export type Fault = TwilioFault | ConnectionFault;

export function respondToFault(fault: TwilioFault): HttpResponse {
  switch (fault.kind) {
    case 'rate-limited': {
      const { status, body } = twilioError('tooManyRequests');
      const { retryAfterSeconds: seconds } = fault;
      return json(body, status, seconds === undefined ? {} : { 'retry-after': seconds });
    }
    case 'server-error':
      return errorResponse(twilioError('serverError'));
    case 'unavailable':
      return errorResponse(twilioError('unavailable'));
    case 'rejected':
      return errorResponse(new TwilioError(fault.status, fault.code, fault.message));
    case 'other-response':
      return { status: fault.status, headers: { 'content-type': 'text/html' }, body: fault.body };
  }
}

export function errorResponse({ body, status }: TwilioError): HttpResponse {
  return json(body, status);
}
