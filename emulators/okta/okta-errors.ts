/** Status, code and message of the errors the emulator can return, from Okta's list of error codes. */
const ERRORS = {
  validation: [400, 'E0000001', 'Api validation failed'],
  notReadable: [400, 'E0000003', 'The request body was not well-formed.'],
  badFilter: [400, 'E0000031', 'Invalid search criteria.'],
  token: [401, 'E0000011', 'Invalid token provided'],
  noPermission: [403, 'E0000006', 'You do not have permission to perform the requested action'],
  notFound: [404, 'E0000007', 'Not found: Resource not found'],
  noSuchEndpoint: [405, 'E0000022', 'The endpoint does not support the provided HTTP method'],
  tooManyRequests: [429, 'E0000047', 'API call exceeded rate limit due to too many requests.'],
  serverError: [500, 'E0000009', 'Internal Server Error'],
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

  body(errorId: string) {
    const { code, summary, causes } = this;
    return {
      errorCode: code,
      errorSummary: summary,
      errorLink: code,
      errorId,
      errorCauses: causes.map((errorSummary) => ({ errorSummary })),
    };
  }
}

/** The error in Okta's own words, or with a given message where Okta's contains a name. */
export function oktaError(
  reason: keyof typeof ERRORS,
  words?: string,
  causes: readonly string[] = [],
): OktaError {
  const [status, code, summary] = ERRORS[reason];
  return new OktaError(status, code, words ?? summary, causes);
}

/** @param kind Okta's name of the type: AppInstance, User, UserGroup. */
export function notFound(id: string, kind: string): OktaError {
  return oktaError('notFound', `Not found: Resource not found: ${id} (${kind})`);
}

/** A body or a parameter that breaks the endpoint's rules. */
export function invalid(what: string, causes: readonly string[]): OktaError {
  return oktaError('validation', `Api validation failed: ${what}`, causes);
}
