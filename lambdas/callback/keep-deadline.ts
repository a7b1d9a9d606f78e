import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ANSWER_WITHIN_MS, ANSWERING_MS } from '../deadline/answer-deadlines';
import { Deadline } from '../deadline/deadline';
import type { WithDeadline } from './callback-context';
import type { CallbackName } from './callback-name';

/** Starts the time that this callback's work may take; an answer in time is left to whoever does the work. */
export function keepDeadline(
  callback: CallbackName,
): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, WithDeadline> {
  return {
    before: ({ context }) => {
      context.deadline = Deadline.in(ANSWER_WITHIN_MS[callback] - ANSWERING_MS);
    },
  };
}
