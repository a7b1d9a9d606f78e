import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UpstreamError } from '../../lambdas/errors';
import { askAws, clientOptions } from './aws-errors';

/** Who and where the caller is at AWS. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string;
  /** The user or role. */
  readonly arn: string;
  readonly region: string;
}

/**
 * Asks AWS who the caller is.
 * @throws {AwsSetupError} without credentials that work, or without a region; {ServiceUnavailableError}
 */
export function readIdentity(): Promise<Identity> {
  const client = new STSClient(clientOptions());
  return askAws('sts:GetCallerIdentity', async () => {
    const region = await client.config.region();
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    if (!Account || !Arn) throw new UpstreamError('AWS does not say whose these credentials are');
    return { account: Account, arn: Arn, region };
  });
}
