import * as v from 'valibot';
import { hasAwsSignature } from '../core/aws-signature';
import { type EmulatorServer, startEmulator } from '../core/emulator-server';
import type { HttpResponse } from '../core/http-response';
import { errorResponse, perform } from './secret-operations';
import { arnOf, SecretStore } from './secret-store';

/** A received request. */
interface SeenRequest {
  readonly operation: string;
  readonly secretId: string | null;
}

/** How Secrets Manager can fail. */
type SecretsManagerFault = { readonly kind: 'throttle' | 'internal-error' | 'access-denied' };

export interface SecretsManager extends EmulatorServer<SeenRequest, SecretsManagerFault> {
  arn(name: string): string;
  /** Creates the secret or replaces its value; null leaves it without a value, as after its creation. */
  put(name: string, value: string | null): void;
}

const TARGET = /^secretsmanager\.(\w+)$/;
const Body = v.fallback(
  v.pipe(v.string(), v.parseJson(), v.looseObject({ SecretId: v.optional(v.string()) })),
  {},
);

/**
 * Starts an emulator of AWS Secrets Manager for the official client, whose endpoint (AWS_ENDPOINT_URL_SECRETS_MANAGER)
 * is its `url`. It speaks AWS JSON 1.1 and supports GetSecretValue and PutSecretValue, with versions.
 * @param options.secrets values by name; null for a secret without a value
 * @param options.port 0 picks a free port
 */
export async function startSecretsManager({
  secrets = {},
  port = 0,
}: {
  readonly secrets?: Readonly<Record<string, string | null>>;
  readonly port?: number;
} = {}): Promise<SecretsManager> {
  const store = new SecretStore();
  const put = (name: string, value: string | null) => {
    const secret = store.create(name);
    if (value !== null) store.put(secret, value);
  };
  for (const [name, value] of Object.entries(secrets)) put(name, value);

  const server = await startEmulator<SeenRequest, SecretsManagerFault>({
    port,
    about: 'This is an emulator of AWS Secrets Manager, for AWS_ENDPOINT_URL_SECRETS_MANAGER.',
    largestBody: 256 * 1024,
    describe: ({ headers, body }) => ({
      operation: TARGET.exec(String(headers['x-amz-target']))?.[1] ?? '',
      secretId: v.parse(Body, body).SecretId ?? null,
    }),
    respond: async ({ headers, body }, { operation }) =>
      hasAwsSignature(headers)
        ? perform(store, operation, v.parse(Body, body))
        : errorResponse('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    respondToFault,
    respondToError: (error) => errorResponse('InternalServiceError', `The emulator failed: ${error}`, 500),
  });
  return { ...server, arn: arnOf, put };
}

function respondToFault({ kind }: SecretsManagerFault): HttpResponse {
  switch (kind) {
    case 'throttle':
      return errorResponse('ThrottlingException', 'Rate exceeded');
    case 'internal-error':
      return errorResponse('InternalServiceError', 'An error occurred on the server side.', 500);
    case 'access-denied':
      return errorResponse(
        'AccessDeniedException',
        'User is not authorized to perform: secretsmanager:GetSecretValue because no identity-based policy allows it',
      );
  }
}
