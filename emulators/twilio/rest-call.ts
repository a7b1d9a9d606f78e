import type { EmulatorRequest } from '../core/emulator-server';
import type { HttpResponse } from '../core/http-response';
import type { Routes } from '../core/router';
import type { Origin } from './events';

/** A request to a route. */
export interface RestCall extends EmulatorRequest {
  /** A segment of the path, decoded. */
  readonly param: (name: string) => string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  /** The URL before the resource as the caller used it: origin, version and, if named, the service. */
  readonly base: string;
}

export type RestRoutes = Routes<(call: RestCall) => Promise<HttpResponse> | HttpResponse>;

export const NO_CONTENT: HttpResponse = { status: 204 };

export function restCall(request: EmulatorRequest, param: RestCall['param']): RestCall {
  const [prefix] = /^\/v1(\/Services\/[^/]+)?/.exec(request.path) ?? [''];
  return {
    ...request,
    param,
    query: new URLSearchParams(request.search),
    form: new URLSearchParams(isForm(request) ? request.body : ''),
    base: `${request.origin}${prefix}`,
  };
}

export function isForm({ headers }: EmulatorRequest): boolean {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
}

/** Whether REST asks for events, which it fires on request only (twilio.md#webhook-semantics). */
export function requestsWebhooks({ headers }: EmulatorRequest): boolean {
  return headers['x-twilio-webhook-enabled'] === 'true';
}

export function originOf(call: RestCall): Origin {
  return { source: 'API', firesEvents: requestsWebhooks(call), sent: [] };
}
