import { Logger } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Journal } from '../journal/journal';
import { SERVICE } from '../metrics/metric-names';
import type { WithJournal } from './callback-context';
import type { RouteName } from './callback-name';
import { describeError } from './describe-error';
import type { HttpAnswer } from './http-answer';

const logger = new Logger({ serviceName: SERVICE });

/**
 * Opens the request's journal, and writes it as one JSON line when the answer is ready. First of the chain, so that
 * it comes last on the way out, when errors have become answers.
 */
export function writeLogLine(
  callback: RouteName,
): MiddlewareObj<APIGatewayProxyEventV2, HttpAnswer, Error, WithJournal> {
  const write = ({ context, response, error }: Request<unknown, HttpAnswer, Error, WithJournal>) => {
    const status = response?.statusCode ?? 500;
    const level = status >= 500 ? 'error' : status >= 400 || error ? 'warn' : 'info';
    logger[level]('callback answered', {
      function_request_id: context.awsRequestId,
      callback,
      status,
      ...context.journal.entry(),
      ...(error && { failure: describeError(error) }),
    });
  };
  let isColdStart = true;
  return {
    before: ({ context }) => {
      context.journal = new Journal(isColdStart);
      isColdStart = false;
    },
    after: write,
    onError: write,
  };
}
