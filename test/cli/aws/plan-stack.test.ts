import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readStack } from '../../../cli/aws/deployed-stack';
import { stackFault } from '../../../cli/aws/plan-stack';
import { completeDeletion } from '../../../cli/aws/plan-stack-deletion';
import { INBOX_STACK_NAME } from '../../../lib/stack-names';
import { type S3Double, startS3 } from '../inbox/site/s3-double';
import { type CloudFormationDouble, startCloudFormation } from './cloudformation-double';

const BUCKET = { id: 'SiteBucket0A1B2C3D', type: 'AWS::S3::Bucket', name: 'site' };
const before = { ...process.env };

let cloudFormation: CloudFormationDouble;
let s3: S3Double;

beforeEach(async () => {
  [cloudFormation, s3] = await Promise.all([startCloudFormation(), startS3()]);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: cloudFormation.url,
    AWS_ENDPOINT_URL_S3: s3.url,
  });
  cloudFormation.stacks.set(INBOX_STACK_NAME, { status: 'DELETE_FAILED', resources: [BUCKET] });
  s3.objects.set('index.html', { body: Buffer.from('x'), headers: {} });
  // As CloudFormation: a bucket with objects cannot be deleted.
  cloudFormation.mayDelete = () => s3.objects.size === 0;
});
afterEach(async () => {
  await Promise.all([cloudFormation.close(), s3.close()]);
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

test('a deletion by hand that failed because of files in a bucket is completed before the deployment', async () => {
  await completeDeletion(INBOX_STACK_NAME, () => {});

  expect(cloudFormation.stacks.has(INBOX_STACK_NAME)).toBe(false);
});

test('the plan names the bucket whose files it deletes', async () => {
  const stack = await readStack(INBOX_STACK_NAME);

  expect(stack && stackFault(stack)).toMatchObject({
    summary: `Delete the rest of the stack ${INBOX_STACK_NAME}, with the files in the bucket site, and deploy`,
  });
});
