import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { type HttpResponse, json, plainText } from '../core/http-response';
import { BodyTooLargeError, type Listening, startHttpServer } from '../core/http-server';
import { type InvokableFunction, invokeFunction } from '../lambda/invocation';

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
const MAX_BODY_BYTES = 10 * 1024 * 1024;

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
    maxBodyBytes: MAX_BODY_BYTES,
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

const StructuredResult = v.object({
  statusCode: v.pipe(
    v.union([v.number(), v.string()]),
    v.transform(Number),
    v.integer(),
    v.minValue(100),
    v.maxValue(599),
  ),
  headers: v.optional(v.nullable(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])))),
  cookies: v.optional(v.array(v.string())),
  body: v.optional(v.nullable(v.string())),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/**
 * Reads what a function returned as an HTTP API does (payload format 2.0): a result with a statusCode is the response,
 * anything else is the body of a 200. Null for a malformed result, for which the caller gets a 500.
 */
function toHttpResponse(result: unknown): HttpResponse | null {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : (JSON.stringify(result) ?? '');
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const parsed = v.safeParse(StructuredResult, result);
  if (!parsed.success) return null;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.output;
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...Object.fromEntries(given),
      ...(cookies && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Content types that API Gateway treats as text; every other body reaches the function in base64, including forms. */
const TEXT = /^(text\/|application\/(json|javascript|xml|[\w.-]+\+(json|xml))\b)/i;

/**
 * The event that an HTTP API passes to a function for this request: payload format 2.0, as in
 * "Create AWS Lambda proxy integrations for HTTP APIs" of the API Gateway Developer Guide.
 */
function toHttpEvent(
  request: IncomingMessage,
  body: Buffer,
  { routeKey, now }: { readonly routeKey: string; readonly now: Date },
): APIGatewayProxyEventV2 {
  const { path, query } = splitTarget(request);
  const { cookie, ...headers } = joinedHeaders(request.rawHeaders);
  const domainName = (headers['host'] ?? '').replace(/:\d*$/, '');
  const sourceIp = request.socket.remoteAddress ?? '';
  const method = request.method ?? '';
  const isText = TEXT.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split(/; ?/) }),
    headers: {
      ...headers,
      'content-length': String(body.length),
      'x-amzn-trace-id': `Root=1-${Math.floor(now.getTime() / 1000).toString(16)}-${randomUUID().replace(/-/g, '').slice(0, 24)}`,
      'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', '),
      'x-forwarded-port': headers['x-forwarded-port'] ?? String(request.socket.localPort),
      'x-forwarded-proto': headers['x-forwarded-proto'] ?? 'http',
    },
    ...(query !== '' && { queryStringParameters: joinedParameters(query) }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: logTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** The common log format, such as `09/Mar/2024:17:03:58 +0000`. */
function logTime(instant: Date): string {
  const [, day, month, year, time] = instant.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

/** The path and the query of a request, verbatim: not decoded, because the signature covers them in this form. */
export function splitTarget(request: IncomingMessage): { readonly path: string; readonly query: string } {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Header names in lower case; the values of a repeated header are joined with a comma. */
function joinedHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return headers;
}

function joinedParameters(query: string): Record<string, string> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name).join(',')]));
}
