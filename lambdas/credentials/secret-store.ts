import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import pRetry from 'p-retry';
import { ConfigurationError, ServiceUnavailableError } from '../errors';
import type { Deadline } from '../http-client/deadline';
import { type Credentials, emptySecret, parseSecret } from './credentials';
import type { FetchCredentials } from './credentials-cache';

/** Without credentials no request can be handled, so the first fetch is retried for this long. */
const PATIENCE_MS = 2_500;
/** A later fetch can fall back on the old credentials. */
const REFRESH_MS = 2_000;
const REFRESH_ATTEMPTS = 2;
/** The time limit of one attempt, so that one lost packet does not use up the time. */
const ATTEMPT_MS = 1_000;

/**
 * Fetches the credentials from Secrets Manager; if the container has none yet, a short failure is retried. Throws
 * `ConfigurationError` if the secret is empty or incomplete, `ServiceUnavailableError` if it cannot be read now.
 */
export function secretStore(client: SecretsManagerClient): FetchCredentials {
  return async (secretId, deadline, isFirst) => {
    const fetchOnce = async (time: Deadline) => {
      const command = new GetSecretValueCommand({ SecretId: secretId });
      const secret = await client.send(command, { abortSignal: time.within(ATTEMPT_MS).signal });
      return parseSecret(secret.SecretString ?? '');
    };
    return withRetries(fetchOnce, deadline, isFirst);
  };
}

async function withRetries(
  fetchOnce: (time: Deadline) => Promise<Credentials>,
  deadline: Deadline,
  isFirst: boolean,
): Promise<Credentials> {
  const time = deadline.within(isFirst ? PATIENCE_MS : REFRESH_MS);
  let lastFailure: unknown;
  try {
    return await pRetry(() => fetchOnce(time), {
      retries: isFirst ? Number.POSITIVE_INFINITY : REFRESH_ATTEMPTS - 1,
      minTimeout: 100,
      maxTimeout: 400,
      randomize: true,
      signal: time.signal,
      onFailedAttempt: ({ error }) => {
        lastFailure = error;
      },
      shouldRetry: ({ error }) => isPassing(error),
    });
  } catch (error) {
    // The error for a secret that exists and has no version yet, as the stack creates it.
    if (error instanceof ResourceNotFoundException) throw emptySecret();
    if (error instanceof ConfigurationError) throw error;
    throw new ServiceUnavailableError('Could not read the credentials from Secrets Manager', 5, {
      cause: lastFailure ?? error,
    });
  }
}

/** Whether the same request may succeed a moment later: every failure except a definite error. */
function isPassing(error: unknown): boolean {
  if (error instanceof ConfigurationError) return false;
  if (!(error instanceof SecretsManagerServiceException)) return true;
  return error.$fault === 'server' || THROTTLED.has(error.name);
}

/** AWS's names for throttling errors; they come with status 400. */
const THROTTLED = new Set(['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded']);
