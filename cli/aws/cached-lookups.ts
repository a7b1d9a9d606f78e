import { STACK_NAME } from '../../lib/stack-names';
import { once } from '../doctor/memoize';
import { AwsSetupError } from './aws-setup-error';
import { type HeldSecret, readSecret } from './credentials-secret';
import { type DeployedStack, readStack, stackOutputs } from './deployed-stack';
import { type Identity, readIdentity } from './identity';

/** What can be learned from AWS about the service; each is asked for once, when somebody first wants it. */
export interface AwsLookUp {
  /** @throws {AwsSetupError} {ServiceUnavailableError} */
  identity(): Promise<Identity>;
  /** Null where there is none. @throws {AwsSetupError} {ServiceUnavailableError} */
  stack(): Promise<DeployedStack | null>;
  /** @throws {ConfigurationError} where there is no stack, or its secret cannot be used by the functions */
  secret(): Promise<HeldSecret>;
}

/** A look at AWS with the caller's own credentials. */
export function lookUpAws(): AwsLookUp {
  const stack = once(readStack);
  return {
    identity: once(readIdentity),
    stack,
    secret: once(async () => {
      const found = await stack();
      if (found === null) throw noStack();
      return readSecret(stackOutputs(found).credentialsSecretArn);
    }),
  };
}

/** The error for whoever needs the stack, where there is none. */
export function noStack(): AwsSetupError {
  return new AwsSetupError(
    `There is no stack ${STACK_NAME} in this account and region`,
    'npm run setup deploys it; if it is elsewhere, set AWS_PROFILE or AWS_REGION',
  );
}
