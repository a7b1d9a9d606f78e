import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UpstreamError } from '../../lambdas/errors';
import { callAws, clientOptions } from './aws-errors';

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
