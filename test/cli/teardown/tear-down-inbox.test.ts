import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type DynamoDbEmulator, startDynamoDb } from '../../../emulators/dynamodb/dynamodb-emulator';
import { STACK_NAME } from '../../../lib/stack-names';
import { type CloudFormationDouble, startCloudFormation } from '../aws/cloudformation-double';
import { runCommandIn } from '../terminal/operator';

const SETTINGS = 'INBOX=true\n';

let cloudFormation: CloudFormationDouble;
let dynamoDb: DynamoDbEmulator;
let folder: string;

beforeEach(async () => {
  [cloudFormation, dynamoDb] = await Promise.all([startCloudFormation(), startDynamoDb({ tables: {} })]);
  folder = mkdtempSync(join(tmpdir(), 'frontline-teardown-inbox-'));
  copyFileSync('.env.example', join(folder, '.env.example'));
  writeFileSync(join(folder, '.env'), SETTINGS);
});
afterEach(async () => {
  await Promise.all([cloudFormation.close(), dynamoDb.close()]);
  rmSync(folder, { recursive: true });
});

const settings = () => readFileSync(join(folder, '.env'), 'utf8');

function tearDownInbox(option: string, environment: Readonly<Record<string, string>> = {}) {
  return runCommandIn(folder, ['teardown', '--inbox', option], undefined, environment);
}

const account = () => ({
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL: cloudFormation.url,
  AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
});

test.each(['--yes', '--dry-run'])('without credentials, teardown --inbox %s fails', async (option) => {
  const { status, stderr } = await tearDownInbox(option);

  expect([status, stderr]).toEqual([1, expect.stringContaining('No AWS credentials found')]);
  expect(settings()).toBe(SETTINGS);
});

test.each(['--yes', '--dry-run'])(
  'teardown --inbox %s in another region changes nothing, and says where to look',
  async (option) => {
    const { status, stderr } = await tearDownInbox(option, account());

    expect([status, stderr]).toEqual([1, expect.stringContaining('set AWS_PROFILE or AWS_REGION')]);
    expect(settings()).toBe(SETTINGS);
  },
);

test('teardown --inbox turns the inbox off in .env where only its stack is gone', async () => {
  cloudFormation.stacks.set(STACK_NAME, { status: 'UPDATE_COMPLETE' });

  const { status, stderr } = await tearDownInbox('--yes', account());

  expect([status, stderr]).toEqual([0, '']);
  expect(settings()).not.toMatch(/^INBOX=true/m);
});
