import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isKnownError, type KnownError, TRY_AGAIN } from '../errors';
import type { HttpResponse } from '../request/http-response';
import type { WithRequestLog, WithVerification } from '../request/request-context';

const UNFORESEEN = {
  status: 500,
  error: 'InternalError',
  message: "Internal error; see the function's log",
  friendly_error_message: TRY_AGAIN,
};

/** The whole response to a caller whose signature could not be checked; the log says why. */
const NOT_CHECKED = {
  status: 503,
  error: 'Unavailable',
  message: 'The service cannot check signatures now',
  friendly_error_message: TRY_AGAIN,
};

/** The one place that maps errors to HTTP responses, all of one shape. */
export function mapErrorsToHttp(): MiddlewareObj<
  APIGatewayProxyEventV2,
  HttpResponse,
  Error,
  WithRequestLog & WithVerification
> {
  return {
    onError: (request) => {
      const { error, context } = request;
      const { status, ...body } = describe(error, context.isFromTwilio === true);
      request.response = {
        statusCode: status,
        headers: { 'content-type': 'application/json', ...retryAfter(error) },
        body: JSON.stringify({ ...body, request_id: context.awsRequestId }),
      };
    },
  };
}

function describe(error: unknown, isFromTwilio: boolean) {
  if (!isKnownError(error)) return UNFORESEEN;
  const status = statusOf(error);
  if (!isFromTwilio && status >= 500) return NOT_CHECKED;
  return {
    status,
    error: error.name,
    // The reason for an invalid signature goes to the log only: it names settings and the URL that the service assumes.
    message:
      error.name === 'NotSigned' ? 'The request is not signed by Twilio for this service' : error.message,
    friendly_error_message: error.userMessage,
  };
}

function statusOf(error: KnownError): number {
  switch (error.name) {
    case 'NotSigned':
    case 'NotAllowed':
      return 403;
    case 'BadRequest':
      return { parameter: 400, body: 400, 'too-large': 413, 'not-a-form': 415, 'unknown-endpoint': 422 }[
        error.fault
      ];
    case 'NotFound':
      return 404;
    case 'Misconfigured':
    case 'Unavailable':
    case 'OutOfTime':
      return 503;
    case 'CredentialsRefused':
      return error.system === 'Airtable' ? 503 : 502;
    case 'UpstreamFailed':
      return 502;
    case 'ConversationWithoutWorker':
      return 500;
  }
}

function retryAfter(error: unknown): Record<string, string> {
  if (!isKnownError(error)) return {};
  if (error.name === 'Unavailable') return { 'retry-after': String(error.retryAfterSeconds) };
  return error.name === 'OutOfTime' ? { 'retry-after': '5' } : {};
}
