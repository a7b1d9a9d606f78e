import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { awsStep } from '../../../cli/aws/aws-step';
import { awsTeardownStep } from '../../../cli/aws/aws-teardown-step';
import { lookUpAws } from '../../../cli/aws/cached-lookups';
import { readSettings } from '../../../cli/settings/settings';

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

const settings = readSettings({
  ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  AUTH_TOKEN: 'token',
  AIRTABLE_API_KEY: 'pat.1',
  AIRTABLE_BASE_ID: 'appTest',
  TWILIO_SMS_NUMBER: '+14135550100',
});

test.each([
  ['setting up', awsStep({ settings, optOutTable: null, directory: '/nowhere' })],
  ['taking down', awsTeardownStep()],
])('%s returns a manual step without credentials', async (_, step) => {
  expect(await step.plan()).toEqual({
    upToDate: [],
    changes: [],
    manualSteps: [{ what: 'No AWS credentials found', fix: 'set AWS_PROFILE, or run aws configure' }],
  });
});

test('an AWS lookup runs only once', async () => {
  const aws = lookUpAws();

  const first = aws.stack();

  expect(aws.stack()).toBe(first);
  await expect(first).rejects.toThrow('No AWS credentials found');
});
