import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isKnownError } from '../errors';
import type { HttpResponse } from '../request/http-response';

/**
 * Rejects a forged ping with 403 and no details. After any other failure Airtable sends a genuine ping again
 * (airtable.md#webhook-notifications).
 */
export function answerPingErrors(): MiddlewareObj<APIGatewayProxyEventV2, HttpResponse> {
  return {
    onError: (request) => {
      const { error } = request;
      request.response = { statusCode: isKnownError(error) && error.name === 'NotSigned' ? 403 : 503 };
    },
  };
}
