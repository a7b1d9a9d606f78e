import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type HttpResponse, json, plainText } from '../core/http-response';
import { startHttpServer } from '../core/http-server';
import type { Listening } from '../core/listen';
import { BodyTooLargeError } from '../core/request-body';
import { type InvokableFunction, invokeFunction } from '../lambda/invocation';
import { toHttpResponse } from './handler-response';
import { splitTarget, toHttpEvent } from './http-event';

/** A function behind the gateway. */
export type LambdaFunction = InvokableFunction<APIGatewayProxyEventV2>;

/** The largest body that an HTTP API accepts. */
const LARGEST_BODY = 10 * 1024 * 1024;

const NOT_FOUND = gatewayResponse(404, 'Not Found');
const TOO_LARGE = gatewayResponse(413, 'Request Entity Too Large');
const FUNCTION_FAILED = gatewayResponse(500, 'Internal Server Error');
const FUNCTION_TIMED_OUT = gatewayResponse(503, 'Service Unavailable');

/**
 * Starts an API Gateway HTTP API on this machine: each route, such as `POST /callbacks/crm`, calls its function with
 * an event of payload format 2.0 and responds with its result.
 */
export function startGateway({
  routes,
  port = 0,
  now = () => new Date(),
  log = (line) => console.error(line),
  about = () => null,
}: {
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  readonly port?: number;
  readonly now?: () => Date;
  /** Called with the lines that Lambda itself writes to the function's log: a failure, a time-out. */
  readonly log?: (line: string) => void;
  /** One sentence for a person who opens a path without a route in a browser; null for an unknown path. */
  readonly about?: (path: string) => string | null;
}): Promise<Listening> {
  return startHttpServer({
    port,
    largestBody: LARGEST_BODY,
    respond: async (request, body) => {
      const { path } = splitTarget(request);
      const routeKey = `${request.method} ${path}`;
      const called = routes[routeKey];
      if (called === undefined) {
        const sentence = request.method === 'GET' ? about(path) : null;
        return sentence === null ? NOT_FOUND : plainText(sentence, 404);
      }
      return invoke(called, toHttpEvent(request, body, { routeKey, now: now() }), log);
    },
    respondToError: (error) => (error instanceof BodyTooLargeError ? TOO_LARGE : FUNCTION_FAILED),
  });
}

async function invoke(
  called: LambdaFunction,
  event: APIGatewayProxyEventV2,
  log: (line: string) => void,
): Promise<HttpResponse> {
  const result = await invokeFunction(called, event, log);
  if (result.kind === 'timed-out') return FUNCTION_TIMED_OUT;
  if (result.kind === 'failed') return FUNCTION_FAILED;
  const response = toHttpResponse(result.value);
  if (response === null) log(`${result.requestId} ${called.name} returned an invalid HTTP response`);
  return response ?? FUNCTION_FAILED;
}

/** A response that the gateway itself generates. */
function gatewayResponse(status: number, message: string): HttpResponse {
  return json({ message }, status, { 'content-type': 'application/json' });
}
