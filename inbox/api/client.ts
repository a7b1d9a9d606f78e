import * as v from 'valibot';
import {
  ERROR_STATUS,
  ErrorBody,
  type ErrorCode,
  ROUTES,
  type RouteInput,
  type RouteName,
  type RouteOutput,
  type Routes,
  requestTarget,
} from '../../lambdas/inbox/api';
import { SignInEndedError } from '../sign-in/token-requests';
import { texts } from '../texts';

/** How long a request may take before it counts as lost. Longer than the server's own deadline. */
const TIMEOUT_MS = 30_000;
const NOT_SIGNED_IN = ERROR_STATUS['not-signed-in'];

/** The server rejected the request; nothing was done. */
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

/** Where the API is, and with which token it is asked. */
export interface Access {
  /** The API's address without a slash at the end; blank for this origin. */
  readonly apiUrl: string;
  /** The token for the next request; null without a worker. @throws {SignInEndedError} */
  token(route: RouteName): Promise<string | null>;
  /** A token in place of one that the API rejected; null where there is no other. @throws {SignInEndedError} */
  replace(rejected: string, route: RouteName): Promise<string | null>;
}

const NO_ACCESS: Access = { apiUrl: '', token: async () => null, replace: async () => null };

/** Callbacks for requests without access. */
interface AccessListener {
  /** The sign-in is over. */
  signedOut(): void;
  /** The worker has no active record. */
  notActive(): void;
}

let access = NO_ACCESS;
let listener: AccessListener = { signedOut: () => undefined, notActive: () => undefined };

/** Sets how requests are made. */
export function setAccess(value: Access): void {
  access = value;
}

/** Sets the callbacks for requests that were rejected because of the worker's access. */
export function onAccessLost(value: AccessListener): void {
  listener = value;
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
    name,
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

/** Sends with the worker's token; with a new one, once, where the API rejects it: then it did nothing. */
async function send(
  route: RouteName,
  method: string,
  target: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Response> {
  const attempt = (token: string | null) => sendOnce(method, target, body, token, signal);
  const token = await tokenOf(() => access.token(route));
  const response = await attempt(token);
  if (response.status !== NOT_SIGNED_IN || token === null) return response;
  const other = await tokenOf(() => access.replace(token, route));
  return other === null || other === token ? response : attempt(other);
}

async function tokenOf(ask: () => Promise<string | null>): Promise<string | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SignInEndedError)) throw new ConnectionError(String(error), { cause: error });
    listener.signedOut();
    throw new ApiError('not-signed-in', texts.signedOut, null, null);
  }
}

async function sendOnce(
  method: string,
  target: string,
  body: unknown,
  token: string | null,
  signal?: AbortSignal,
): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(`${access.apiUrl}${target}`, {
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
  // The gateway's own answer has no error body.
  if (status === NOT_SIGNED_IN) {
    listener.signedOut();
    return new ApiError('not-signed-in', texts.signedOut, null, null);
  }
  const parsed = v.safeParse(ErrorBody, body);
  if (!parsed.success) return new ConnectionError(`${status} without an error body`);
  const { error, message, twilioCode, retryAfterSeconds } = parsed.output;
  if (error === 'not-active') listener.notActive();
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
