import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Environment } from '../configuration/configuration';
import { Misconfigured } from '../errors/errors';

interface Patience {
  /** How often a request is sent at most. */
  readonly attempts?: number;
  /** Milliseconds after which an attempt is given up. */
  readonly attemptMs?: number;
  /** Milliseconds within which a connection has to be there. */
  readonly connectMs?: number;
}

/** A page of a full pass is a hundred customers, written at once. */
const SOCKETS = 100;

/**
 * A DynamoDB client for a container, which makes one and keeps it. Its credentials come from the function's environment
 * only: the SDK's chain of other providers is left out of the bundle. AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL
 * says where DynamoDB is.
 */
export function createDynamoClient(
  environment: Environment,
  { attempts = 3, attemptMs = 1_500, connectMs = 1_000 }: Patience = {},
): DynamoDBClient {
  const endpoint = environment['AWS_ENDPOINT_URL_DYNAMODB'] || environment['AWS_ENDPOINT_URL'];
  const region = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'];
  return new DynamoDBClient({
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: attemptMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
    credentials: async () => environmentCredentials(environment),
    ...(endpoint && { endpoint }),
    ...(region && { region }),
  });
}

function environmentCredentials(environment: Environment) {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  if (!accessKeyId || !secretAccessKey) {
    throw new Misconfigured(['AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is missing: Lambda sets both']);
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}
