import type { IncomingMessage } from 'node:http';
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

/** A function that serves every path with a prefix, to callers whose token its authorizer accepts. */
export interface ProxyRoute {
  /** Such as `/api/`. */
  readonly prefix: string;
  readonly called: LambdaFunction;
  /** The claims of a bearer token, as the JWT authorizer passes them on; null for one that it rejects. */
  readonly authorize: (token: string) => Readonly<Record<string, string>> | null;
}

/** Serves what is not a route, such as files; null for a path that it does not have. */
export type Pages = (request: IncomingMessage, body: Buffer) => Promise<HttpResponse | null>;

/** The largest body that an HTTP API accepts. */
const LARGEST_BODY = 10 * 1024 * 1024;

const NOT_FOUND = gatewayResponse(404, 'Not Found');
const UNAUTHORIZED = gatewayResponse(401, 'Unauthorized');
const FORBIDDEN = gatewayResponse(403, 'Forbidden');
const TOO_LARGE = gatewayResponse(413, 'Request Entity Too Large');
const FUNCTION_FAILED = gatewayResponse(500, 'Internal Server Error');
const FUNCTION_TIMED_OUT = gatewayResponse(503, 'Service Unavailable');

/**
 * Starts an API Gateway HTTP API on this machine: each route, such as `POST /callbacks/crm`, calls its function with
 * an event of payload format 2.0 and responds with its result.
 */
export function startGateway({
  routes,
  proxies = [],
  pages = async () => null,
  port = 0,
  now = () => new Date(),
  log = (line) => console.error(line),
  about = () => null,
}: {
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  /** For browsers, at localhost and 127.0.0.1 only. @default none */
  readonly proxies?: readonly ProxyRoute[];
  /** For browsers too. @default none */
  readonly pages?: Pages;
  readonly port?: number;
  readonly now?: () => Date;
  /** Called with the lines that Lambda itself writes to the function's log: a failure, a time-out. */
  readonly log?: (line: string) => void;
  /** One sentence for a person who opens a path without a route in a browser; null for an unknown path. */
  readonly about?: (path: string) => string | null;
}): Promise<Listening> {
  const explain = (method: string | undefined, path: string) => {
    const sentence = method === 'GET' ? about(path) : null;
    return sentence === null ? NOT_FOUND : plainText(sentence, 404);
  };
  return startHttpServer({
    port,
    largestBody: LARGEST_BODY,
    respond: async (request, body) => {
      const { path } = splitTarget(request);
      const routeKey = `${request.method} ${path}`;
      const called = routes[routeKey];
      if (called !== undefined)
        return invoke(called, toHttpEvent(request, body, { routeKey, now: now() }), log);
      // A page elsewhere may lead its own name to this machine, and would then be the same site.
      if (!LOCAL_HOST.test(request.headers.host ?? '')) return FORBIDDEN;
      const proxy = proxies.find(({ prefix }) => path.startsWith(prefix));
      if (proxy === undefined) return (await pages(request, body)) ?? explain(request.method, path);
      const claims = proxy.authorize(BEARER.exec(request.headers.authorization ?? '')?.[1] ?? '');
      if (claims === null) return UNAUTHORIZED;
      const event = toHttpEvent(request, body, { routeKey: `ANY ${proxy.prefix}{proxy+}`, now: now() });
      return invoke(proxy.called, withClaims(event, claims), log);
    },
    respondToError: (error) => (error instanceof BodyTooLargeError ? TOO_LARGE : FUNCTION_FAILED),
  });
}

const LOCAL_HOST = /^(localhost|127\.0\.0\.1)(:\d+)?$/i;
const BEARER = /^Bearer\s+(\S+)$/i;

/** The event with what a JWT authorizer adds. */
function withClaims(
  event: APIGatewayProxyEventV2,
  claims: Readonly<Record<string, string>>,
): APIGatewayProxyEventV2 {
  const requestContext = { ...event.requestContext, authorizer: { jwt: { claims, scopes: null } } };
  return { ...event, requestContext };
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
