import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { logger } from '../container';
import type { HttpResponse } from '../request/http-response';
import type { WithRequestLog } from '../request/request-context';
import { describeError } from '../telemetry/describe-error';
import { RequestLog } from '../telemetry/request-log';
import type { RouteName } from '../twilio/callbacks';

/**
 * Opens the request log, and writes it as one JSON line when the response is ready. First of the pipeline, so that it
 * runs last on the way out, when errors have become responses.
 */
export function logRequest(
  callback: RouteName,
): MiddlewareObj<APIGatewayProxyEventV2, HttpResponse, Error, WithRequestLog> {
  const write = ({ context, response, error }: Request<unknown, HttpResponse, Error, WithRequestLog>) => {
    const status = response?.statusCode ?? 500;
    const level = status >= 500 ? 'error' : status >= 400 || error ? 'warn' : 'info';
    logger()[level]('callback answered', {
      function_request_id: context.awsRequestId,
      callback,
      status,
      ...context.requestLog.entry(),
      ...(error && { failure: describeError(error) }),
    });
  };
  let isColdStart = true;
  return {
    before: ({ context }) => {
      context.requestLog = new RequestLog(isColdStart);
      isColdStart = false;
    },
    after: write,
    onError: write,
  };
}
