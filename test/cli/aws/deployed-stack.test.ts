import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isStackAbsent } from '../../../cli/aws/deployed-stack';
import { INBOX_STACK_NAME } from '../../../lib/stack-names';
import { setEnvironment } from '../../world/world';
import { type CloudFormationDouble, startCloudFormation } from './cloudformation-double';

let cloudFormation: CloudFormationDouble;
beforeEach(async () => {
  cloudFormation = await startCloudFormation();
  setEnvironment({
    AWS_ENDPOINT_URL: cloudFormation.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterEach(() => cloudFormation.close());

test('a stack is absent only if AWS says so', async () => {
  expect(await isStackAbsent(INBOX_STACK_NAME)).toBe(true);

  // A deletion that failed half way may have left the inbox.
  cloudFormation.stacks.set(INBOX_STACK_NAME, { status: 'DELETE_FAILED' });
  expect(await isStackAbsent(INBOX_STACK_NAME)).toBe(false);

  cloudFormation.stacks.clear();
  setEnvironment({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_PROFILE: 'absent' });
  expect(await isStackAbsent(INBOX_STACK_NAME)).toBe(false);
});
