import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isKnownError, type KnownError, TRY_AGAIN } from '../../errors';
import type { HttpResponse } from '../../request/http-response';
import type { WithRequestLog } from '../../request/request-context';
import { TwilioApiError, TwilioThrottledError } from '../../twilio/twilio-client';
import { ERROR_STATUS, type ErrorBody } from '../api';
import { InboxError } from '../inbox-error';

/** The one place that maps errors to the API's error bodies. */
export function mapInboxErrors(): MiddlewareObj<APIGatewayProxyEventV2, HttpResponse, Error, WithRequestLog> {
  return {
    onError: (request) => {
      const body: ErrorBody = { ...describe(request.error), requestId: request.context.awsRequestId };
      request.response = {
        statusCode: ERROR_STATUS[body.error],
        headers: {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          ...(body.retryAfterSeconds !== null && { 'retry-after': String(body.retryAfterSeconds) }),
        },
        body: JSON.stringify(body),
      };
    },
  };
}

type Description = Omit<ErrorBody, 'requestId'>;

function describe(error: unknown): Description {
  if (error instanceof InboxError) {
    const { code, userMessage, twilioCode, retryAfterSeconds } = error;
    return { error: code, message: userMessage, twilioCode, retryAfterSeconds };
  }
  if (error instanceof TwilioThrottledError)
    return of('throttled', 'Too much at once. Try again in a moment.', 2);
  if (error instanceof TwilioApiError) {
    return {
      ...of('refused', 'Twilio did not accept this. Load the page again.', null),
      twilioCode: error.code,
    };
  }
  return isKnownError(error) ? describeKnown(error) : of('internal', TRY_AGAIN, null);
}

/** The messages of configuration errors name settings, which are for the log only. */
function describeKnown(error: KnownError): Description {
  switch (error.name) {
    case 'BadRequest':
      return of('bad-request', error.userMessage, null);
    case 'NotFound':
      return of('not-found', error.userMessage, null);
    case 'NotAllowed':
      return of('not-allowed', error.userMessage, null);
    case 'Unavailable':
      return of('unavailable', error.userMessage, error.retryAfterSeconds);
    default:
      return of('unavailable', TRY_AGAIN, 10);
  }
}

function of(error: ErrorBody['error'], message: string, retryAfterSeconds: number | null): Description {
  return { error, message, twilioCode: null, retryAfterSeconds };
}
