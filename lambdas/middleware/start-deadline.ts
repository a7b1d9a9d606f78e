import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Deadline } from '../http-client/deadline';
import type { WithDeadline } from '../request/request-context';
import { ANSWER_WITHIN_MS, ANSWERING_MS } from '../twilio/callback-timeouts';
import type { CallbackName } from '../twilio/callbacks';

/** Starts the time that this callback's work may take; an answer in time is left to whoever does the work. */
export function startDeadline(
  callback: CallbackName,
): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, WithDeadline> {
  return {
    before: ({ context }) => {
      context.deadline = Deadline.in(ANSWER_WITHIN_MS[callback] - ANSWERING_MS);
    },
  };
}
