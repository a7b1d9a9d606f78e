import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { API_BASE, ROUTES, type RouteName, type Routes } from '../api';
import { InboxError } from '../inbox-error';

/** Larger than any request: a text of 1,600 characters is 6 kB at most. */
const MOST_BODY_LENGTH = 64 * 1_024;

const Authorized = v.object({
  jwt: v.object({ claims: v.object({ sub: v.pipe(v.string(), v.nonEmpty()) }) }),
});

/**
 * The subject of the token, which API Gateway's authorizer has verified. It is read from nowhere else.
 * @throws {InboxError} not-signed-in
 */
export function subjectOf(event: APIGatewayProxyEventV2): string {
  const parsed = v.safeParse(v.object({ requestContext: v.object({ authorizer: Authorized }) }), event);
  if (!parsed.success) throw new InboxError('not-signed-in', 'Please sign in again.');
  return parsed.output.requestContext.authorizer.jwt.claims.sub;
}

/** A route with the parts of the path that are its parameters. */
interface MatchedRoute {
  readonly name: RouteName;
  readonly params: Readonly<Record<string, string>>;
}

const PATTERNS = Object.entries(ROUTES).flatMap(([name, { method, path }]) => {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, param = '']) => param);
  const pattern = new RegExp(`^${API_BASE}${path.replace(/:\w+/g, '([^/]+)')}$`);
  return isRouteName(name) ? [{ name, method, names, pattern }] : [];
});

function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(ROUTES, name);
}

/** The route of a request. @throws {InboxError} not-found */
export function matchRoute(method: string, path: string): MatchedRoute {
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
  const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the request'} ${issue.message}`);
  throw new InboxError('bad-request', `Please check: ${problems.join('; ')}.`);
}

/** The query as texts; of a repeated name the last value counts. */
export function queryOf({ rawQueryString }: APIGatewayProxyEventV2): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(rawQueryString ?? ''));
}

/** @throws {InboxError} bad-request for a body that is not JSON. */
export function bodyOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): unknown {
  if (body.length > MOST_BODY_LENGTH) throw new InboxError('bad-request', 'The request is too large.');
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InboxError('bad-request', 'The request is not JSON.', { cause });
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
