import { DynamoDBClient, TagResourceCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeployedStack } from '../../../cli/aws/deployed-stack';
import { findKeptTable } from '../../../cli/aws/opt-out-table';
import { type DynamoDbEmulator, startDynamoDb } from '../../../emulators/dynamodb/dynamodb-emulator';
import { OPT_OUT_TABLE } from '../../../lambdas/replica/tables';
import { BASE_TAG, optOutTableName, STACK_NAME, STACK_TAG } from '../../../lib/stack-names';

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

/** An account with these tables; a tag that is null is not there. */
async function anAccount(
  tables: Readonly<Record<string, { readonly base: string | null; readonly stack: string | null }>>,
): Promise<void> {
  const schemas = Object.fromEntries(Object.keys(tables).map((name) => [name, OPT_OUT_TABLE]));
  dynamoDb = await startDynamoDb({ tables: schemas });
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = dynamoDb.url;
  const client = new DynamoDBClient({});
  for (const [name, { base, stack }] of Object.entries(tables)) {
    const Tags = [
      ...(base === null ? [] : [{ Key: BASE_TAG, Value: base }]),
      ...(stack === null ? [] : [{ Key: STACK_TAG, Value: stack }]),
    ];
    const ResourceArn = `arn:aws:dynamodb:${REGION}:000000000000:table/${name}`;
    if (Tags.length > 0) await client.send(new TagResourceCommand({ ResourceArn, Tags }));
  }
  client.destroy();
}

function aStack(changes: Partial<DeployedStack>): DeployedStack {
  return {
    status: 'UPDATE_COMPLETE',
    reason: null,
    isProtected: false,
    outputs: {},
    template: { Resources: {} },
    resources: [],
    logGroups: new Map(),
    functionVariables: new Map(),
    ...changes,
  };
}

const OWN = { logicalId: 'TablesOptOuts0A1B2C3D', type: 'AWS::DynamoDB::Table', physicalId: NAME };

describe('the opt-out table that a deployment is given', () => {
  test('is none in an account that has none, or only others’', async () => {
    await anAccount({ Other: { base: null, stack: null }, Foreign: { base: 'appOne', stack: 'Another' } });

    expect(await findKeptTable(null, 'appOne', IDENTITY)).toBeNull();
  });

  test('is the one that an earlier stack left', async () => {
    await anAccount({ [NAME]: { base: 'appOne', stack: STACK_NAME } });

    expect(await findKeptTable(null, 'appOne', IDENTITY)).toEqual({ name: NAME, baseId: 'appOne' });
  });

  test('is that of the base before, after a change of the base: its opt-outs by address still count', async () => {
    await anAccount({ [NAME]: { base: 'appOne', stack: STACK_NAME } });

    expect(await findKeptTable(null, 'appTwo', IDENTITY)).toEqual({ name: NAME, baseId: 'appOne' });
  });

  test('is that of the base where there are several, and for a person to name where that does not tell', async () => {
    await anAccount({
      [NAME]: { base: 'appOne', stack: STACK_NAME },
      Restored: { base: 'appTwo', stack: STACK_NAME },
    });

    expect(await findKeptTable(null, 'appTwo', IDENTITY)).toEqual({ name: 'Restored', baseId: 'appTwo' });
    await expect(findKeptTable(null, 'appThree', IDENTITY)).rejects.toThrow(
      /Several tables keep opt-outs.*OPT_OUT_TABLE_NAME/,
    );
  });

  test.each([
    ['stands', 'UPDATE_COMPLETE'],
    ['is being created', 'CREATE_IN_PROGRESS'],
  ])('is none where the stack %s and has its own', async (_, status) => {
    await anAccount({ [NAME]: { base: 'appOne', stack: STACK_NAME } });
    const outputs = status === 'UPDATE_COMPLETE' ? { OptOutTableName: NAME } : {};

    expect(await findKeptTable(aStack({ status, resources: [OWN], outputs }), 'appOne', IDENTITY)).toBeNull();
  });

  test.each([
    ['a stack of a version without a replica', aStack({})],
    ['a stack that was given it', aStack({ outputs: { OptOutTableName: NAME } })],
    ['what a failed creation left', aStack({ status: 'ROLLBACK_COMPLETE', resources: [OWN] })],
    ['what a failed deletion left', aStack({ status: 'DELETE_FAILED', resources: [OWN] })],
  ])('is the kept one for %s', async (_, stack) => {
    await anAccount({ [NAME]: { base: 'appOne', stack: STACK_NAME } });

    expect(await findKeptTable(stack, 'appOne', IDENTITY)).toMatchObject({ name: NAME });
  });

  test('stays the one that the stack was given, where there are several', async () => {
    await anAccount({
      [NAME]: { base: 'appOne', stack: STACK_NAME },
      Restored: { base: 'appOne', stack: STACK_NAME },
    });
    const stack = aStack({ outputs: { OptOutTableName: 'Restored' } });

    expect(await findKeptTable(stack, 'appOne', IDENTITY)).toMatchObject({ name: 'Restored' });
  });
});
