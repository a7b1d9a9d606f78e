import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Environment } from '../config';
import { ConfigurationError } from '../errors';

interface Patience {
  /** Maximum number of attempts per request. */
  readonly attempts?: number;
  /** Timeout of an attempt, in milliseconds. */
  readonly attemptMs?: number;
  /** Connection timeout, in milliseconds. */
  readonly connectMs?: number;
}

/** A page of a full pass has a hundred customers, written in parallel. */
const SOCKETS = 100;

/**
 * A DynamoDB client, one per container. Its credentials come only from the function's environment, so that the bundle
 * omits the SDK's other credential providers. AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL sets DynamoDB's address.
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
    throw new ConfigurationError(['AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is missing: Lambda sets both']);
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}
