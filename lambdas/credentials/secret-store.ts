import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Deadline } from '../deadline/deadline';
import { Misconfigured, Unavailable } from '../errors/errors';
import { type Credentials, emptySecret, parseSecret } from './credentials';

// One client a container: it keeps its connection between requests.
let client: SecretsManagerClient | undefined;

/**
 * Fetches the credentials from Secrets Manager.
 * @throws {Misconfigured} when the secret is empty or incomplete, {Unavailable} when it cannot be read now.
 */
export async function fetchCredentials(secretId: string, deadline: Deadline): Promise<Credentials> {
  client ??= new SecretsManagerClient({ maxAttempts: 2 });
  try {
    const secret = await client.send(new GetSecretValueCommand({ SecretId: secretId }), {
      abortSignal: deadline.within(2_000).signal,
    });
    return parseSecret(secret.SecretString ?? '');
  } catch (error) {
    // The answer for a secret that exists and has no version yet, as the stack creates it.
    if (error instanceof ResourceNotFoundException) throw emptySecret();
    if (error instanceof Misconfigured) throw error;
    throw new Unavailable('Secrets Manager did not give the credentials', 5, { cause: error });
  }
}
