import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { CREDENTIALS_SECRET_VARIABLE } from '../configuration/configuration';
import { CredentialsCache } from '../credentials/credentials-cache';
import { fetchCredentials } from '../credentials/secret-store';
import { Misconfigured } from '../errors/errors';
import type { WithCredentials, WithDeadline, WithJournal } from './callback-context';

const caches = new Map<string, CredentialsCache>();

/** The container's credentials, kept between requests. */
export function credentialsCache(): CredentialsCache {
  const secretId = process.env[CREDENTIALS_SECRET_VARIABLE];
  if (!secretId)
    throw new Misconfigured([`${CREDENTIALS_SECRET_VARIABLE} is missing: deploy the stack again`]);
  const cache = caches.get(secretId) ?? new CredentialsCache(secretId, fetchCredentials);
  caches.set(secretId, cache);
  return cache;
}

type Needs = WithJournal & WithDeadline & WithCredentials;

/** Supplies the credentials; those that Airtable or Twilio refused are looked at again for the next request. */
export function loadCredentials(): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, Needs> {
  const doubtRefused = ({ context }: Request<unknown, unknown, Error, Needs>) => {
    if (context.journal.credentialsWereRefused) credentialsCache().doubt();
  };
  return {
    before: async ({ context }) => {
      context.credentials = await credentialsCache().load(context.deadline, (reason) => {
        context.journal.warn(
          `The credentials could not be refreshed, the old ones are used on: ${String(reason)}`,
        );
      });
    },
    after: doubtRefused,
    onError: doubtRefused,
  };
}
