import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Deadline } from '../../http-client/deadline';
import type { WithDeadline } from '../../request/request-context';

/** A browser waits longer than Twilio does; API Gateway ends a request after 30 s. */
export const INBOX_REQUEST_MS = 15_000;

/** The same for a connection or frame of the live socket. */
export const LIVE_REQUEST_MS = 5_000;

/** Starts the deadline of a request. Every call to another system ends by then. */
export function startInboxDeadline(): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, WithDeadline> {
  return {
    before: ({ context }) => {
      context.deadline = Deadline.in(INBOX_REQUEST_MS);
    },
  };
}
