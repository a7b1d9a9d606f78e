import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { credentialsCache } from '../container';
import type { WithCredentials, WithDeadline, WithRequestLog } from '../request/request-context';

type Needs = WithRequestLog & WithDeadline & WithCredentials;

/** Supplies the credentials; after Airtable or Twilio rejected them, they are checked again for the next request. */
export function loadCredentials(): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, Needs> {
  const invalidateRejected = ({ context }: Request<unknown, unknown, Error, Needs>) => {
    if (context.requestLog.credentialsWereRejected) credentialsCache().invalidate();
  };
  return {
    before: async ({ context }) => {
      context.credentials = await credentialsCache().load(context.deadline, (reason) => {
        context.requestLog.warn(`Could not refresh credentials; using the old ones: ${String(reason)}`);
      });
    },
    after: invalidateRejected,
    onError: invalidateRejected,
  };
}
