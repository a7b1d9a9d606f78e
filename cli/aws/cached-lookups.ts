import { STACK_NAME } from '../../lib/stack-names';
import { memoize } from '../plan/memoize';
import { AwsSetupError } from './aws-setup-error';
import { type DeployedStack, readStack } from './deployed-stack';
import { type Identity, readIdentity } from './identity';

/** Memoised lookups of the service's state on AWS. Each runs once, on first use. */
export interface CachedAws {
  /** @throws {AwsSetupError} {ServiceUnavailableError} */
  identity(): Promise<Identity>;
  /** Null if absent. @throws {AwsSetupError} {ServiceUnavailableError} */
  stack(): Promise<DeployedStack | null>;
}

/** Lookups with the caller's own credentials. */
export function cachedAws(): CachedAws {
  return { identity: memoize(readIdentity), stack: memoize(readStack) };
}

/** The error if a required stack does not exist. */
export function noStack(): AwsSetupError {
  return new AwsSetupError(
    `No stack ${STACK_NAME} in this account and region`,
    'npx frontline setup deploys it; if it is elsewhere, set AWS_PROFILE or AWS_REGION',
  );
}
