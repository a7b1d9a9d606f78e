import * as v from 'valibot';
import {
  ErrorBody,
  type ErrorCode,
  ROUTES,
  type RouteInput,
  type RouteName,
  type RouteOutput,
  type Routes,
  requestTarget,
} from '../../lambdas/inbox/api';

/** How long a request may take before it counts as lost. Longer than the server's own deadline. */
const TIMEOUT_MS = 30_000;

/** The server answered that it did not do it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly code: ErrorCode,
    /** A sentence for the worker. */
    message: string,
    /** Twilio's code, for "Details". */
    readonly twilioCode: number | null,
    readonly retryAfterMs: number | null,
  ) {
    super(message);
  }
}

/** No answer, or one that cannot be understood: whether the server did it is not known. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** Parameters, query and body of a route; parts without required fields may be left out. */
export type Input<TName extends RouteName> = Omittable<RouteInput<TName>>;
type Omittable<T> = { readonly [K in keyof T as object extends T[K] ? never : K]: T[K] } & {
  readonly [K in keyof T as object extends T[K] ? K : never]?: T[K];
};
interface AnyInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

let token: string | null = null;
/** Sets the token that every request carries; null after signing out. */
export function setToken(value: string | null): void {
  token = value;
}

/** Called at each 401, so that one place shows the way to sign in. */
type SignedOutListener = () => void;
let whenSignedOut: SignedOutListener = () => undefined;
export function onSignedOut(listener: SignedOutListener): void {
  whenSignedOut = listener;
}

/**
 * Calls a route of the inbox's API once.
 * @throws {ApiError} where the server rejects it
 * @throws {ConnectionError} where no answer arrives, or one that does not fit the schema
 */
export async function call<TName extends RouteName>(
  name: TName,
  input: Input<TName> & AnyInput,
  signal?: AbortSignal,
): Promise<RouteOutput<TName>> {
  const route: Routes[TName] = ROUTES[name];
  const response = await send(
    route.method,
    requestTarget(route.path, input.params ?? {}, input.query),
    input.body,
    signal,
  );
  const body = await readJson(response);
  if (!response.ok) throw apiError(response.status, body);
  const parsed = v.safeParse(route.response, body);
  if (!parsed.success) throw new ConnectionError(`${name}: ${v.summarize(parsed.issues)}`);
  return parsed.output;
}

async function send(method: string, target: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(target, {
      method,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
  } catch (error) {
    throw new ConnectionError(String(error), { cause: error });
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw new ConnectionError(`${response.status} without JSON`, { cause: error });
  }
}

function apiError(status: number, body: unknown): ApiError | ConnectionError {
  const parsed = v.safeParse(ErrorBody, body);
  if (!parsed.success) return new ConnectionError(`${status} without an error body`);
  const { error, message, twilioCode, retryAfterSeconds } = parsed.output;
  if (error === 'not-signed-in') whenSignedOut();
  return new ApiError(
    error,
    message,
    twilioCode,
    retryAfterSeconds === null ? null : retryAfterSeconds * 1000,
  );
}

/** Whether a request that failed so may pass later without a change. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return (
    error instanceof ApiError && ['throttled', 'unavailable', 'internal', 'in-progress'].includes(error.code)
  );
}
