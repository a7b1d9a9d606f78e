import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
import { INBOX_STACK_NAME } from '../../../lib/stack-names';
import { type MiniStack, REGION, ROOT } from '../ministack';

const Outputs = v.object({
  InboxUrl: v.string(),
  InboxApiUrl: v.string(),
  LiveUrl: v.string(),
  SignInUrl: v.string(),
  UserPoolId: v.string(),
  UserPoolClientId: v.string(),
  SiteBucketName: v.string(),
  DistributionId: v.string(),
});
export type InboxOutputs = v.InferOutput<typeof Outputs>;

/** The outputs of the inbox's stack. */
export async function inboxOutputs(cloud: MiniStack): Promise<InboxOutputs> {
  const client = new CloudFormationClient({ endpoint: cloud.url, region: REGION, credentials: ROOT });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: INBOX_STACK_NAME }));
  client.destroy();
  const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
  return v.parse(Outputs, Object.fromEntries(outputs));
}
