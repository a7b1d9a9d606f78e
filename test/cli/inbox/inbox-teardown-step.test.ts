import { DynamoDBClient, TagResourceCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inboxTeardownStep } from '../../../cli/inbox/inbox-teardown-step';
import { type DynamoDbEmulator, startDynamoDb } from '../../../emulators/dynamodb/dynamodb-emulator';
import { INBOX_TABLE } from '../../../lambdas/inbox/store/inbox-table';
import { WorkerStore } from '../../../lambdas/inbox/store/worker-store';
import { INBOX_STACK_NAME, INBOX_TAG, inboxTableName, STACK_NAME } from '../../../lib/stack-names';
import { type CloudFormationDouble, startCloudFormation } from '../aws/cloudformation-double';
import { type S3Double, startS3 } from './site/s3-double';

const TABLE = inboxTableName(STACK_NAME);
const BUCKET = { id: 'SiteBucket0A1B2C3D', type: 'AWS::S3::Bucket', name: 'site' };
const ANA = {
  subject: 'sub-ana',
  identity: 'ana@example.com',
  name: 'Ana',
  isActive: true,
  isAvailable: true,
};
const before = { ...process.env };

let cloudFormation: CloudFormationDouble;
let s3: S3Double;
let dynamoDb: DynamoDbEmulator;
let client: DynamoDBClient;
let workers: WorkerStore;

beforeEach(async () => {
  [cloudFormation, s3, dynamoDb] = await Promise.all([
    startCloudFormation(),
    startS3(),
    startDynamoDb({ tables: { [TABLE]: INBOX_TABLE } }),
  ]);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: cloudFormation.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
  });
  client = new DynamoDBClient({});
  workers = new WorkerStore({ client, table: TABLE });
  await workers.save(ANA);
  s3.objects.set('index.html', { body: Buffer.from('x'), headers: {} });
  cloudFormation.stacks.set(STACK_NAME, {
    status: 'CREATE_COMPLETE',
    outputs: { InboxTableName: TABLE },
  });
  cloudFormation.stacks.set(INBOX_STACK_NAME, { status: 'CREATE_COMPLETE', resources: [BUCKET] });
  // As CloudFormation: a bucket with objects cannot be deleted.
  cloudFormation.mayDelete = () => s3.objects.size === 0;
});
afterEach(async () => {
  client.destroy();
  await Promise.all([cloudFormation.close(), s3.close(), dynamoDb.close()]);
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

const plan = () => inboxTeardownStep().plan();

/** Tears down as far as the given number of changes. */
async function tearDown(most = Number.POSITIVE_INFINITY): Promise<void> {
  const { changes } = await plan();
  for (const { apply } of changes.slice(0, most)) await apply(() => {});
}

const summaries = async () => (await plan()).changes.map(({ summary }) => summary);
const activeWorkers = async () => (await workers.list()).filter(({ isActive }) => isActive);

describe('taking the inbox back', () => {
  test("ends the workers' access first, then empties the bucket, then deletes the stack", async () => {
    expect(await summaries()).toEqual([
      `Make 1 worker in ${TABLE} inactive`,
      'Empty the bucket site with the app',
      `Delete the stack ${INBOX_STACK_NAME} with the workers' sign-in and the site`,
    ]);

    await tearDown();

    expect(await activeWorkers()).toEqual([]);
    expect(await workers.list()).toHaveLength(1);
    expect([...s3.objects.keys()]).toEqual([]);
    expect(cloudFormation.deletions).toEqual([INBOX_STACK_NAME]);
  });

  test.each([0, 1, 2])('that was killed after %i changes is completed by a second run', async (changes) => {
    await tearDown(changes);
    expect(await summaries()).toHaveLength(3 - changes);

    await tearDown();

    expect(await plan()).toEqual({
      upToDate: [`The stack ${INBOX_STACK_NAME} does not exist in this account and region`],
      changes: [],
      manualSteps: [],
    });
  });

  test('completes a deletion by hand that failed because the bucket was not empty', async () => {
    cloudFormation.stacks.set(INBOX_STACK_NAME, { status: 'DELETE_FAILED', resources: [BUCKET] });

    await tearDown();

    expect(cloudFormation.stacks.has(INBOX_STACK_NAME)).toBe(false);
  });

  test('goes on where the bucket was deleted by hand', async () => {
    s3.exists = false;
    s3.objects.clear();

    expect(await summaries()).toEqual([
      `Make 1 worker in ${TABLE} inactive`,
      expect.stringContaining('Delete the stack'),
    ]);
  });

  test('ends the access in the table that an earlier stack left', async () => {
    cloudFormation.stacks.clear();
    const ResourceArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TABLE}`;
    await client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: INBOX_TAG, Value: STACK_NAME }] }));

    await tearDown();

    expect(await activeWorkers()).toEqual([]);
  });

  test('does without a table that was deleted', async () => {
    cloudFormation.stacks.set(STACK_NAME, {
      status: 'DELETE_FAILED',
      outputs: { InboxTableName: 'Gone' },
    });

    expect(await summaries()).toHaveLength(2);
  });

  test('changes nothing while the stack is protected, and names the command that ends that', async () => {
    cloudFormation.stacks.set(INBOX_STACK_NAME, { status: 'CREATE_COMPLETE', isProtected: true });

    expect(await plan()).toEqual({
      upToDate: [],
      changes: [],
      manualSteps: [
        {
          what: `The stack ${INBOX_STACK_NAME} has termination protection`,
          fix: expect.stringContaining(`--stack-name ${INBOX_STACK_NAME}`),
        },
      ],
    });
  });
});
