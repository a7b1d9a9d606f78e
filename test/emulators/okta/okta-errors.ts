/** Status, code and message of the errors the emulator can return, from Okta's list of error codes. */
const ERRORS = {
  validation: [400, 'E0000001', 'Api validation failed'],
  notReadable: [400, 'E0000003', 'The request body was not well-formed.'],
  badFilter: [400, 'E0000031', 'Invalid search criteria.'],
  token: [401, 'E0000011', 'Invalid token provided'],
  notFound: [404, 'E0000007', 'Not found: Resource not found'],
  wrongMethod: [405, 'E0000022', 'The endpoint does not support the provided HTTP method'],
  tooManyRequests: [429, 'E0000047', 'API call exceeded rate limit due to too many requests.'],
  serverError: [500, 'E0000009', 'Internal Server Error'],
  notEmulated: [501, 'NOT_SUPPORTED_BY_EMULATOR', 'The Okta emulator does not support this'],
  unavailable: [503, 'E0000010', 'Service is in read only mode'],
} as const satisfies Record<string, readonly [status: number, code: string, summary: string]>;

/** An error that Okta returns. */
export class OktaError extends Error {
  override readonly name = 'OktaError';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly summary: string,
    readonly causes: readonly string[] = [],
  ) {
    super(summary);
  }
}

/** The error with Okta's own message, or with a given one where Okta's contains a name. */
export function oktaError(
  reason: keyof typeof ERRORS,
  message?: string,
  causes: readonly string[] = [],
): OktaError {
  const [status, code, summary] = ERRORS[reason];
  return new OktaError(status, code, message ?? summary, causes);
}

/** @param kind Okta's name of the type: AppInstance, User, UserGroup. */
export function notFound(id: string, kind: string): OktaError {
  return oktaError('notFound', `Not found: Resource not found: ${id} (${kind})`);
}

/** A body or a parameter that breaks the endpoint's rules. */
export function invalid(subject: string, causes: readonly string[]): OktaError {
  return oktaError('validation', `Api validation failed: ${subject}`, causes);
}

/** Real, but not emulated: an error by name in place of a guess. */
export function notEmulated(subject: string): OktaError {
  return oktaError('notEmulated', `The Okta emulator does not support ${subject}`);
}
