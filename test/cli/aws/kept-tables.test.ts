import { DynamoDBClient, TagResourceCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeployedStack } from '../../../cli/aws/deployed-stack';
import { findKeptTable, INBOX, OPT_OUTS, type TableKind, tablesOfStack } from '../../../cli/aws/kept-tables';
import { type DynamoDbEmulator, startDynamoDb } from '../../../emulators/dynamodb/dynamodb-emulator';
import { OPT_OUT_TABLE } from '../../../lambdas/replica/tables';
import {
  BASE_TAG,
  INBOX_TAG,
  inboxTableName,
  optOutTableName,
  STACK_NAME,
  STACK_TAG,
} from '../../../lib/stack-names';
import { aStack } from './a-stack';

const NAME = optOutTableName(STACK_NAME);
const REGION = 'us-east-1';
const IDENTITY = { account: '000000000000', arn: 'arn:aws:iam::000000000000:user/dev', region: REGION };
const before = { ...process.env };

let dynamoDb: DynamoDbEmulator | null = null;
beforeEach(() => {
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterEach(async () => {
  await dynamoDb?.close();
  dynamoDb = null;
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

/** An account with these tables; null omits a tag. */
async function anAccount(
  tables: Readonly<
    Record<string, { readonly base: string | null; readonly stack: string | null; readonly tag?: string }>
  >,
): Promise<void> {
  const schemas = Object.fromEntries(Object.keys(tables).map((name) => [name, OPT_OUT_TABLE]));
  dynamoDb = await startDynamoDb({ tables: schemas });
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = dynamoDb.url;
  const client = new DynamoDBClient({});
  for (const [name, { base, stack, tag = STACK_TAG }] of Object.entries(tables)) {
    const Tags = [
      ...(base === null ? [] : [{ Key: BASE_TAG, Value: base }]),
      ...(stack === null ? [] : [{ Key: tag, Value: stack }]),
    ];
    const ResourceArn = `arn:aws:dynamodb:${REGION}:000000000000:table/${name}`;
    if (Tags.length > 0) await client.send(new TagResourceCommand({ ResourceArn, Tags }));
  }
  client.destroy();
}

const OWN = { logicalId: 'TablesOptOuts0A1B2C3D', type: 'AWS::DynamoDB::Table', physicalId: NAME };

async function find(stack: DeployedStack | null, baseId: string, kind: TableKind = OPT_OUTS) {
  return findKeptTable(kind, await tablesOfStack(IDENTITY), stack, baseId);
}

describe('the opt-out table to pass to a deployment', () => {
  test('is null in an account without one, or with those of others only', async () => {
    await anAccount({ Other: { base: null, stack: null }, Foreign: { base: 'appOne', stack: 'Another' } });

    expect(await find(null, 'appOne')).toBeNull();
  });

  test('is the one that an earlier stack left', async () => {
    await anAccount({ [NAME]: { base: 'appOne', stack: STACK_NAME } });

    expect(await find(null, 'appOne')).toEqual({ name: NAME, kind: OPT_OUTS, baseId: 'appOne' });
  });

  test('is that of the earlier base after a change of base, because opt-outs by address still apply', async () => {
    await anAccount({ [NAME]: { base: 'appOne', stack: STACK_NAME } });

    expect(await find(null, 'appTwo')).toEqual({ name: NAME, kind: OPT_OUTS, baseId: 'appOne' });
  });

  test('is that of the base if there are several, and must be named if that is ambiguous', async () => {
    await anAccount({
      [NAME]: { base: 'appOne', stack: STACK_NAME },
      Restored: { base: 'appTwo', stack: STACK_NAME },
    });

    expect(await find(null, 'appTwo')).toEqual({ name: 'Restored', kind: OPT_OUTS, baseId: 'appTwo' });
    await expect(find(null, 'appThree')).rejects.toThrow(
      /Several tables contain the opt-outs.*OPT_OUT_TABLE_NAME/,
    );
  });

  test.each([
    ['exists', 'UPDATE_COMPLETE'],
    ['is being created', 'CREATE_IN_PROGRESS'],
  ])('is null if the stack %s and has its own', async (_, status) => {
    await anAccount({ [NAME]: { base: 'appOne', stack: STACK_NAME } });
    const outputs = status === 'UPDATE_COMPLETE' ? { OptOutTableName: NAME } : {};

    expect(await find(aStack({ status, resources: [OWN], outputs }), 'appOne')).toBeNull();
  });

  test.each([
    ['a stack of a version without a replica', aStack({})],
    ['a stack that uses it as a parameter', aStack({ outputs: { OptOutTableName: NAME } })],
    ['a stack after a failed creation', aStack({ status: 'ROLLBACK_COMPLETE', resources: [OWN] })],
    ['a stack after a failed deletion', aStack({ status: 'DELETE_FAILED', resources: [OWN] })],
  ])('is the retained one for %s', async (_, stack) => {
    await anAccount({ [NAME]: { base: 'appOne', stack: STACK_NAME } });

    expect(await find(stack, 'appOne')).toMatchObject({ name: NAME });
  });

  test('stays the one that was passed to the stack if there are several', async () => {
    await anAccount({
      [NAME]: { base: 'appOne', stack: STACK_NAME },
      Restored: { base: 'appOne', stack: STACK_NAME },
    });
    const stack = aStack({ outputs: { OptOutTableName: 'Restored' } });

    expect(await find(stack, 'appOne')).toMatchObject({ name: 'Restored' });
  });
});

describe('the inbox table to pass to a deployment', () => {
  const INBOX_NAME = inboxTableName(STACK_NAME);
  const KEPT = { base: 'appOne', stack: STACK_NAME };

  test('differs from the opt-out table by its tag, under any name', async () => {
    await anAccount({ [NAME]: KEPT, Restored: { ...KEPT, tag: INBOX_TAG } });

    expect(await find(null, 'appOne', INBOX)).toMatchObject({ name: 'Restored' });
    expect(await find(null, 'appOne')).toMatchObject({ name: NAME });
  });

  test('is null if the stack has its own, and must be named if several match', async () => {
    await anAccount({
      [INBOX_NAME]: { ...KEPT, tag: INBOX_TAG },
      Restored: { ...KEPT, tag: INBOX_TAG },
    });
    const own = { logicalId: 'TablesInbox0A1B2C3D', type: 'AWS::DynamoDB::Table', physicalId: INBOX_NAME };
    const stack = aStack({ resources: [own], outputs: { InboxTableName: INBOX_NAME } });

    expect(await find(stack, 'appOne', INBOX)).toBeNull();
    await expect(find(null, 'appOne', INBOX)).rejects.toThrow(/INBOX_TABLE_NAME/);
  });

  test('of a kind that this version does not know is left alone', async () => {
    await anAccount({ Later: { ...KEPT, tag: 'frontline-airtable:calls' } });

    expect(await tablesOfStack(IDENTITY)).toEqual([]);
  });
});
