import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { credentialsCache } from '../credentials/container-credentials';
import type { WithCredentials, WithDeadline, WithJournal } from '../request/request-context';

type Needs = WithJournal & WithDeadline & WithCredentials;

/** Supplies the credentials; after Airtable or Twilio rejected them, they are checked again for the next request. */
export function loadCredentials(): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, Needs> {
  const doubtRefused = ({ context }: Request<unknown, unknown, Error, Needs>) => {
    if (context.requestLog.credentialsWereRefused) credentialsCache().invalidate();
  };
  return {
    before: async ({ context }) => {
      context.credentials = await credentialsCache().load(context.deadline, (reason) => {
        context.requestLog.warn(
          `The credentials could not be refreshed, the old ones are used on: ${String(reason)}`,
        );
      });
    },
    after: doubtRefused,
    onError: doubtRefused,
  };
}
