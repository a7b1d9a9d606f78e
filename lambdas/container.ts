import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CREDENTIALS_SECRET_VARIABLE, STACK_VARIABLES } from './config';
import { CredentialsCache } from './credentials/credentials-cache';
import { secretStore } from './credentials/secret-store';
import { ConfigurationError } from './errors';
import { invokeFunctions } from './invoke/invoke-function';
import { createDynamoClient } from './replica/dynamo-client';
import { ReplicaReadiness } from './replica/replica-readiness';
import { METRICS_NAMESPACE, SERVICE } from './telemetry/metric-names';

/**
 * What one Lambda container keeps between its requests, each made when it is first needed: clients with their
 * connections, and caches. The annotations let the bundler leave out what a function does not use.
 */

/** Counts the containers that this process has been; only tests begin a new one. */
let container = 0;
const disposals: (() => void)[] = [];

function kept<T>(make: () => T, dispose: (value: T) => void = () => {}): () => T {
  let held: { readonly value: T; readonly by: number } | undefined;
  return () => {
    if (held?.by !== container) {
      const value = make();
      held = { value, by: container };
      disposals.push(() => dispose(value));
    }
    return held.value;
  };
}

/** Forgets everything, as if Lambda had started another container. */
export function beginNewContainer(): void {
  container += 1;
  for (const dispose of disposals.splice(0)) dispose();
}

const secretsManager = /* @__PURE__ */ kept(
  () => new SecretsManagerClient({ maxAttempts: 1 }),
  (client) => client.destroy(),
);

/** @throws {ConfigurationError} where the stack did not set the secret's ARN. */
export const credentialsCache = /* @__PURE__ */ kept(
  () => new CredentialsCache(stackVariable(CREDENTIALS_SECRET_VARIABLE), secretStore(secretsManager())),
);

/** DynamoDB for a callback, which has little time. */
export const dynamo = /* @__PURE__ */ kept(
  () => createDynamoClient(process.env),
  (client) => client.destroy(),
);

/** DynamoDB for a run of sync, which no caller waits for. */
export const patientDynamo = /* @__PURE__ */ kept(
  () => createDynamoClient(process.env, { attempts: 6, attemptMs: 5_000, connectMs: 3_000 }),
  (client) => client.destroy(),
);

const lambda = /* @__PURE__ */ kept(() => invokeFunctions(process.env));

/** Starts a run of sync. @throws {ConfigurationError} if the stack did not set the function's name. */
export async function startSync(event: { readonly run: string }): Promise<void> {
  await lambda()(stackVariable(STACK_VARIABLES.syncFunction), event);
}

/** Starts the first pass where a request finds that there has been none. */
export const readiness = /* @__PURE__ */ kept(
  () => new ReplicaReadiness(() => startSync({ run: 'schedule' })),
);

function stackVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new ConfigurationError([`${name} is missing: deploy the stack again`]);
  return value;
}

export const logger = /* @__PURE__ */ kept(() => new Logger({ serviceName: SERVICE }));

export const metrics = /* @__PURE__ */ kept(
  () => new Metrics({ namespace: METRICS_NAMESPACE, serviceName: SERVICE }),
);
