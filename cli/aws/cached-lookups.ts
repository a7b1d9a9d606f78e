import { STACK_NAME } from '../../lib/stack-names';
import { memoize } from '../doctor/memoize';
import { AwsSetupError } from './aws-setup-error';
import { type HeldSecret, readSecret } from './credentials-secret';
import { type DeployedStack, readStack, stackOutputs } from './deployed-stack';
import { type Identity, readIdentity } from './identity';

/** Memoised lookups of the service's state on AWS. Each runs once, on first use. */
export interface AwsLookUp {
  /** @throws {AwsSetupError} {ServiceUnavailableError} */
  identity(): Promise<Identity>;
  /** Null if absent. @throws {AwsSetupError} {ServiceUnavailableError} */
  stack(): Promise<DeployedStack | null>;
  /** @throws {ConfigurationError} if there is no stack, or if the functions cannot use its secret */
  secret(): Promise<HeldSecret>;
}

/** Lookups with the caller's own credentials. */
export function lookUpAws(): AwsLookUp {
  const stack = memoize(readStack);
  return {
    identity: memoize(readIdentity),
    stack,
    secret: memoize(async () => {
      const found = await stack();
      if (found === null) throw noStack();
      return readSecret(stackOutputs(found).credentialsSecretArn);
    }),
  };
}

/** The error if a required stack does not exist. */
export function noStack(): AwsSetupError {
  return new AwsSetupError(
    `No stack ${STACK_NAME} in this account and region`,
    'npm run setup deploys it; if it is elsewhere, set AWS_PROFILE or AWS_REGION',
  );
}
