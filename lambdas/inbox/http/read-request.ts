import * as v from 'valibot';
import { API_BASE, ROUTES, type RouteName, type Routes } from '../api';
import { InboxError } from '../inbox-error';

/** Larger than any request: a text of 1,600 characters is 6 kB at most. */
const MAX_BODY_LENGTH = 64 * 1_024;

/**
 * The claims that count. Every claim of an HTTP API's authorizer is a text. It has checked signature, issuer, expiry and
 * that the token was issued to the inbox's own client. It accepts an ID token too, which goes to other places than an
 * access token does and cannot be revoked, so the use is checked here.
 */
const Claims = v.object({ sub: v.pipe(v.string(), v.nonEmpty()), token_use: v.literal('access') });
const Authorized = v.object({
  requestContext: v.object({ authorizer: v.object({ jwt: v.object({ claims: Claims }) }) }),
});

/**
 * The subject of the access token, which API Gateway's authorizer has verified. It is read from nowhere else.
 * @throws {InboxError} not-signed-in
 */
export function subjectOf(event: unknown): string {
  const parsed = v.safeParse(Authorized, event);
  if (!parsed.success) throw new InboxError('not-signed-in', 'Please sign in again.');
  return parsed.output.requestContext.authorizer.jwt.claims.sub;
}

const text = v.fallback(v.string(), '');

/** The parts of an event that are used. What is missing, or is not a text, is blank. */
const ReadableEvent = v.object({
  rawPath: text,
  rawQueryString: text,
  requestContext: v.fallback(v.object({ http: v.fallback(v.object({ method: text }), { method: '' }) }), {
    http: { method: '' },
  }),
  body: text,
  isBase64Encoded: v.fallback(v.boolean(), false),
});
type ReadableEvent = v.InferOutput<typeof ReadableEvent>;

/** A request with the route that it matches, and its parts unchecked. */
export interface ReceivedRequest extends MatchedRoute {
  /** Of a repeated name the last value counts. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Reads what API Gateway passes on, however odd. @throws {InboxError} not-found or bad-request, never another error */
export function readRequest(event: unknown): ReceivedRequest {
  const { rawPath, rawQueryString, requestContext, ...body } = v.parse(ReadableEvent, event);
  return {
    ...matchRoute(requestContext.http.method, rawPath),
    query: Object.fromEntries(new URLSearchParams(rawQueryString)),
    body: bodyOf(body),
  };
}

/** A route with the parts of the path that are its parameters. */
interface MatchedRoute {
  readonly name: RouteName;
  readonly params: Readonly<Record<string, string>>;
}

const PATTERNS = Object.entries(ROUTES)
  .flatMap(([name, { method, path }]) => {
    const names = [...path.matchAll(/:(\w+)/g)].map(([, param = '']) => param);
    // A gateway may have decoded the path already, and a team's own id may contain a slash.
    const parts = path.replace(/:(\w+)/g, (_whole, param) => (param === 'customerId' ? '(.+)' : '([^/]+)'));
    return isRouteName(name) ? [{ name, method, names, pattern: new RegExp(`^${API_BASE}${parts}$`) }] : [];
  })
  // The longer first, because the other one's customer could contain its end.
  .sort((a, b) => b.pattern.source.length - a.pattern.source.length);

function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(ROUTES, name);
}

/** @throws {InboxError} not-found */
function matchRoute(method: string, path: string): MatchedRoute {
  for (const { name, method: wanted, names, pattern } of PATTERNS) {
    const found = wanted === method ? pattern.exec(path) : null;
    if (found === null) continue;
    const values = found.slice(1).map(decode);
    return { name, params: Object.fromEntries(names.map((param, index) => [param, values[index] ?? ''])) };
  }
  throw new InboxError('not-found', 'The app is out of date. Please load the page again.');
}

/** The request of a route, checked. */
export interface RouteRequest<TName extends RouteName> {
  readonly params: v.InferOutput<Routes[TName]['params']>;
  readonly query: v.InferOutput<Routes[TName]['query']>;
  readonly body: v.InferOutput<Routes[TName]['body']>;
}

/** @throws {InboxError} bad-request, naming what is wrong. */
export function readPart<TSchema extends v.GenericSchema>(
  schema: TSchema,
  value: unknown,
): v.InferOutput<TSchema> {
  const parsed = v.safeParse(schema, value, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the request'} ${faultOf(issue)}`);
  throw new InboxError('bad-request', `Please check: ${problems.join('; ')}.`);
}

/** Valibot's own words quote what was sent, which may be a customer's text and goes to the log. */
function faultOf({ message }: v.BaseIssue<unknown>): string {
  return message.startsWith('Invalid ') ? 'is missing or malformed' : message;
}

/** @throws {InboxError} bad-request for a body that is not JSON. */
function bodyOf({ body, isBase64Encoded }: Pick<ReadableEvent, 'body' | 'isBase64Encoded'>): unknown {
  if (body.length > MAX_BODY_LENGTH) throw new InboxError('bad-request', 'The request is too large.');
  const json = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  if (json === '') return {};
  try {
    return JSON.parse(json);
  } catch {
    // Without the cause, which quotes the body.
    throw new InboxError('bad-request', 'The request is not JSON.');
  }
}

/** What cannot be decoded was decoded by the gateway, or is an id that does not exist. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
