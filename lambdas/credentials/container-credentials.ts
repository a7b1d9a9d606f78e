import { CREDENTIALS_SECRET_VARIABLE } from '../config';
import { ConfigurationError } from '../errors';
import { CredentialsCache } from './credentials-cache';
import { fetchCredentials } from './secret-store';

const caches = new Map<string, CredentialsCache>();

/** The container's credentials, kept between requests. */
export function credentialsCache(): CredentialsCache {
  const secretId = process.env[CREDENTIALS_SECRET_VARIABLE];
  if (!secretId)
    throw new ConfigurationError([`${CREDENTIALS_SECRET_VARIABLE} is missing: deploy the stack again`]);
  const cache = caches.get(secretId) ?? new CredentialsCache(secretId, fetchCredentials);
  caches.set(secretId, cache);
  return cache;
}
