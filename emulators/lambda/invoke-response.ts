/** A response of the Invoke API. */
export interface InvokeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error in the words of Lambda's API. */
export function invokeError(status: number, type: string, message: string): InvokeResponse {
  return {
    status,
    headers: { 'x-amzn-errortype': type },
    body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message: message, message }),
  };
}

export const functionNotFound = (name: string) =>
  invokeError(
    404,
    'ResourceNotFoundException',
    `Function not found: arn:aws:lambda:us-east-1:000000000000:function:${name}`,
  );

export const unreadablePayload = () =>
  invokeError(400, 'InvalidRequestContentException', 'Could not parse request body into json');

export const payloadTooLarge = (limit: number) =>
  invokeError(413, 'RequestTooLargeException', `Request must be smaller than ${limit} bytes`);

export const missingSignature = () =>
  invokeError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');

export const throttled = () => invokeError(429, 'TooManyRequestsException', 'Rate Exceeded.');

export const serviceFailed = () => invokeError(500, 'ServiceException', 'An internal error occurred.');
