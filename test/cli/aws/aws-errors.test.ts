import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsSetupError, callAws, clientOptions, withFix } from '../../../cli/aws/aws-errors';
import { readIdentity } from '../../../cli/aws/identity';
import { NotFoundError, ServiceUnavailableError } from '../../../lambdas/errors';

const OURS = ['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID'];
const before = { ...process.env };

beforeEach(() => {
  for (const name of OURS) delete process.env[name];
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  process.env['AWS_CONFIG_FILE'] = '/nowhere/config';
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nowhere/credentials';
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

/** An error of the SDK. */
function sdkError(name: string, message = 'no', more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

const ask = (error: unknown) =>
  callAws('cloudformation:DescribeStacks', async () => {
    throw error;
  });

describe('an AWS error', () => {
  test.each([
    ['ExpiredToken', 'The AWS credentials have expired', 'aws sso login'],
    ['InvalidClientTokenId', 'AWS rejected these credentials (InvalidClientTokenId)', "this machine's clock"],
    ['SignatureDoesNotMatch', 'AWS rejected these credentials', 'AWS_SECRET_ACCESS_KEY'],
    ['AccessDenied', 'AWS denied cloudformation:DescribeStacks: no', 'AWS_PROFILE'],
  ])('%s is reported with the fix', async (name, problem, fix) => {
    const asking = ask(sdkError(name));

    await expect(asking).rejects.toBeInstanceOf(AwsSetupError);
    await expect(asking).rejects.toMatchObject({
      name: 'Misconfigured',
      problem: expect.stringContaining(problem),
      fix: expect.stringContaining(fix),
    });
  });

  test('names a region that does not exist', async () => {
    process.env['AWS_REGION'] = 'mars-north-1';
    const error = sdkError('Error', 'getaddrinfo ENOTFOUND sts.mars-north-1.amazonaws.com', {
      code: 'ENOTFOUND',
    });

    await expect(ask(error)).rejects.toBeInstanceOf(AwsSetupError);
    await expect(ask(error)).rejects.toThrow(/region mars-north-1.*: correct AWS_REGION/);
  });

  test('names the profile whose SSO session has ended', async () => {
    process.env['AWS_PROFILE'] = 'work';

    await expect(
      ask(sdkError('CredentialsProviderError', "… run 'aws sso login' with the corresponding profile.")),
    ).rejects.toMatchObject({
      problem: 'The AWS SSO session has expired or does not exist',
      fix: 'run aws sso login --profile work',
    });
  });

  test.each([
    sdkError('TimeoutError'),
    sdkError('Error', 'self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
  ])('is unavailable without a response: %s', async (error) => {
    await expect(ask(error)).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringMatching(/^AWS cannot be reached for cloudformation:DescribeStacks .*network/),
    });
  });

  test('may be temporary', async () => {
    await expect(ask(sdkError('Throttling'))).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringContaining('try again in a minute'),
    });
  });

  test('is reported unchanged if it is unexpected', async () => {
    await expect(ask(sdkError('ValidationError', 'Stack is in a state'))).rejects.toMatchObject({
      name: 'UpstreamFailed',
      message: expect.stringMatching(/ValidationError .*DescribeStacks: Stack is in a state/),
    });
  });

  test('is kept unchanged if it already has a fix', async () => {
    const error = new NotFoundError('It is gone');

    await expect(ask(error)).rejects.toBe(error);
  });
});

describe("the caller's identity", () => {
  test('cannot be read without a region', async () => {
    await expect(readIdentity()).rejects.toMatchObject({
      problem: 'No AWS region is set',
      fix: 'set AWS_REGION, or a region in your AWS profile',
    });
  });

  test('cannot be read without credentials', async () => {
    process.env['AWS_REGION'] = 'eu-west-1';

    await expect(readIdentity()).rejects.toMatchObject({ problem: 'No AWS credentials found' });
  });

  test('cannot be read with an unknown profile', async () => {
    process.env['AWS_REGION'] = 'eu-west-1';
    process.env['AWS_PROFILE'] = 'wrok';

    await expect(readIdentity()).rejects.toMatchObject({
      problem: 'The AWS profile wrok has no credentials',
      fix: 'correct AWS_PROFILE',
    });
  });
});

describe('the region', () => {
  test('is AWS_DEFAULT_REGION by default, as in the AWS command line', () => {
    process.env['AWS_DEFAULT_REGION'] = 'eu-west-1';
    expect(clientOptions()).toMatchObject({ region: 'eu-west-1' });

    process.env['AWS_REGION'] = 'eu-north-1';
    expect(clientOptions()).not.toHaveProperty('region');
  });
});

test('a denial by DynamoDB names what was denied, and what to do', () => {
  const cause = sdkError('AccessDeniedException', 'User: ana is not authorized to perform: dynamodb:Query');
  const failed = (error: Error) => new ServiceUnavailableError('DynamoDB failed', 5, { cause: error });
  expect(withFix(failed(cause))).toMatchObject({
    message: expect.stringMatching(/dynamodb:Query: grant the permission/),
  });
  const busy = failed(sdkError('InternalServerError'));
  expect(withFix(busy)).toBe(busy);
});
