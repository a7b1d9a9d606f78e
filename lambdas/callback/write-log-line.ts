import { Logger } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isKnownError } from '../errors/errors';
import { Journal } from '../journal/journal';
import { maskNumbers } from '../journal/mask';
import { SERVICE } from '../metrics/metric-names';
import type { WithJournal } from './callback-context';
import type { CallbackName } from './callback-name';
import type { HttpAnswer } from './http-answer';

const logger = new Logger({ serviceName: SERVICE });

/**
 * Opens the request's journal, and writes it as one JSON line when the answer is ready. First of the chain, so that
 * it comes last on the way out, when errors have become answers.
 */
export function writeLogLine(
  callback: CallbackName,
): MiddlewareObj<APIGatewayProxyEventV2, HttpAnswer, Error, WithJournal> {
  const write = ({ context, response, error }: Request<unknown, HttpAnswer, Error, WithJournal>) => {
    const status = response?.statusCode ?? 500;
    const level = status >= 500 ? 'error' : status >= 400 || error ? 'warn' : 'info';
    logger[level]('callback answered', {
      function_request_id: context.awsRequestId,
      callback,
      status,
      ...context.journal.entry(),
      ...(error && { failure: describe(error) }),
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

/** An error and what caused it, in words; a stack only where nobody foresaw the error. */
function describe(error: unknown): object {
  if (isKnownError(error) || !(error instanceof Error)) return inWords(error);
  return { ...inWords(error), stack: maskNumbers(error.stack ?? '') };
}

function inWords(error: unknown): object {
  if (!(error instanceof Error)) return { message: maskNumbers(String(error)) };
  const { name, message, cause } = error;
  return { name, message: maskNumbers(message), ...(cause !== undefined && { cause: inWords(cause) }) };
}
