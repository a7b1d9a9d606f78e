import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { awsStep } from '../../../cli/aws/aws-step';
import { awsTeardownStep } from '../../../cli/aws/aws-teardown-step';
import { cachedAws } from '../../../cli/aws/cached-lookups';
import { deploymentOf } from '../../../cli/aws/deployment';
import { readSettings } from '../../../cli/settings/settings';
import { MINIMAL } from '../settings/minimal-settings';

const before = { ...process.env };

beforeEach(() => {
  for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_ENDPOINT_URL']) delete process.env[name];
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nowhere/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  });
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

const settings = readSettings(MINIMAL);

test.each([
  ['setting up', awsStep(settings, deploymentOf(settings, '/nowhere'))],
  ['taking down', awsTeardownStep()],
])('%s returns a manual step without credentials', async (_, step) => {
  expect(await step.plan()).toEqual({
    upToDate: [],
    changes: [],
    manualSteps: [{ what: 'No AWS credentials found', fix: 'set AWS_PROFILE, or run aws configure' }],
  });
});

test('an AWS lookup runs only once', async () => {
  const aws = cachedAws();

  const first = aws.stack();

  expect(aws.stack()).toBe(first);
  await expect(first).rejects.toThrow('No AWS credentials found');
});
