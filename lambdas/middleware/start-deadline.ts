import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Deadline } from '../http-client/deadline';
import type { WithDeadline } from '../request/request-context';
import { type CallbackName, RESPONSE_BUDGET_MS, RESPONSE_RESERVE_MS } from '../twilio/callbacks';

/** Starts the callback's deadline; the code that does the work is responsible for responding in time. */
export function startDeadline(
  callback: CallbackName,
): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, WithDeadline> {
  return {
    before: ({ context }) => {
      context.deadline = Deadline.in(RESPONSE_BUDGET_MS[callback] - RESPONSE_RESERVE_MS);
    },
  };
}
