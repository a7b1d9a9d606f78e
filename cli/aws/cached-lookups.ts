import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UpstreamError } from '../../lambdas/errors';
import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';
import { memoize } from '../plan/memoize';
import { AwsSetupError, callAws, clientOptions } from './aws-errors';
import { type DeployedStack, readStack } from './deployed-stack';

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

/** The error if a required stack does not exist. */
export function noStack(stackName = STACK_NAME): AwsSetupError {
  return new AwsSetupError(
    `No stack ${stackName} in this account and region`,
    `${setupCommand(stackName)} deploys it; if it is elsewhere, set AWS_PROFILE or AWS_REGION`,
  );
}

/** The command that deploys a stack. */
export function setupCommand(stackName: string): string {
  return stackName === INBOX_STACK_NAME ? 'npx frontline setup --inbox' : 'npx frontline setup';
}

/** The caller's AWS account, region and principal. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string;
  /** The user or role. */
  readonly arn: string;
  readonly region: string;
}

/**
 * Reads the caller's identity from AWS.
 * @throws {AwsSetupError} without valid credentials or without a region; {ServiceUnavailableError}
 */
export function readIdentity(): Promise<Identity> {
  const client = new STSClient(clientOptions());
  return callAws('sts:GetCallerIdentity', async () => {
    const region = await client.config.region();
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    if (!Account || !Arn) throw new UpstreamError('AWS returned no account for these credentials');
    return { account: Account, arn: Arn, region };
  });
}
