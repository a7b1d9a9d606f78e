import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';
import { memoize } from '../plan/memoize';
import { type DeployedStack, readStack } from './deployed-stack';
import { type Identity, readIdentity } from './identity';

/** Memoised lookups of the service's state on AWS. Each runs once, on first use. */
export interface CachedAws {
  /** @throws {AwsSetupError} {ServiceUnavailableError} */
  identity(): Promise<Identity>;
  /** Null if absent. @throws {AwsSetupError} {ServiceUnavailableError} */
  stack(): Promise<DeployedStack | null>;
  /** The inbox's stack; null if absent. @throws {AwsSetupError} {ServiceUnavailableError} */
  inboxStack(): Promise<DeployedStack | null>;
}

/** Lookups with the caller's own credentials. */
export function cachedAws(): CachedAws {
  return {
    identity: memoize(readIdentity),
    stack: memoize(() => readStack(STACK_NAME)),
    inboxStack: memoize(() => readStack(INBOX_STACK_NAME)),
  };
}
