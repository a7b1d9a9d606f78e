import { describe, expect, test } from '@jest/globals';
import { MINIMAL, resources, serviceFunctions, synthesise } from './synthesis';

const template = synthesise(MINIMAL);

const tableOf = (id: RegExp) => {
  const found = Object.entries(template.Resources).find(
    ([each, { Type }]) => Type === 'AWS::DynamoDB::Table' && id.test(each),
  );
  if (found === undefined) throw new Error(`There is no table ${id}`);
  return Object(found[1]);
};
const replica = tableOf(/Replica/);
const optOuts = tableOf(/OptOuts/);

const key = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];

describe('the replica table', () => {
  test('has the keys and the one index that the code uses', () => {
    expect(replica.Properties.KeySchema).toEqual(key('pk', 'sk'));
    expect(replica.Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'by-owner',
        KeySchema: key('owner_key', 'sort_key'),
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: ['summary', 'search_name', 'search_digits'],
        },
      },
    ]);
  });

  test('lets items expire', () => {
    expect(replica.Properties.TimeToLiveSpecification).toEqual({
      AttributeName: 'expires_at',
      Enabled: true,
    });
  });

  test('is deleted with the stack', () => {
    expect(replica).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(replica.Properties).not.toHaveProperty('DeletionProtectionEnabled');
  });
});

describe('the opt-out table', () => {
  test('has the keys and the sparse index that the code uses', () => {
    expect(optOuts.Properties.KeySchema).toEqual(key('pk', 'sk'));
    expect(optOuts.Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'pending',
        KeySchema: key('pending', 'pending_at'),
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
  });

  test('lets nothing expire', () => {
    expect(optOuts.Properties).not.toHaveProperty('TimeToLiveSpecification');
  });

  test('stays when the stack is deleted, cannot be deleted by mistake, and can be recovered', () => {
    expect(optOuts).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });

  test('is found again by its tags', () => {
    expect(optOuts.Properties.Tags).toEqual([
      { Key: 'frontline-airtable:base', Value: 'appWtRd1nZ7' },
      { Key: 'frontline-airtable:stack', Value: 'FrontlineAirtable' },
    ]);
  });

  test('has a fixed name, so that a second one cannot be created beside it unnoticed', () => {
    expect(optOuts.Properties.TableName).toBe('FrontlineAirtable-OptOuts');
  });
});

test.each([
  ['replica', replica],
  ['opt-out', optOuts],
])(
  'the %s table is billed per request and encrypted by a key that AWS owns, without a KMS key to pay',
  (_, { Properties }) => {
    expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Properties.SSESpecification).toEqual({ SSEEnabled: false });
  },
);

describe('with OPT_OUT_TABLE_NAME', () => {
  const again = synthesise({ ...MINIMAL, OPT_OUT_TABLE_NAME: 'kept-opt-outs' });

  test('the stack uses that table and creates none', () => {
    const created = resources(again, 'AWS::DynamoDB::Table').map(({ id }) => id);

    expect(created).toEqual([expect.stringMatching(/Replica/), expect.stringMatching(/^InboxTable/)]);
    expect(again.Outputs['OptOutTableName']).toMatchObject({
      Value: 'kept-opt-outs',
    });
  });

  test('functions may use that table, and get its name', () => {
    const { sync } = serviceFunctions(again);
    const policies = JSON.stringify(resources(again, 'AWS::IAM::Policy'));

    expect(Object(sync?.properties['Environment']).Variables.OPT_OUT_TABLE_NAME).toBe('kept-opt-outs');
    expect(policies).toContain(':table/kept-opt-outs"');
    expect(policies).toContain(':table/kept-opt-outs/index/pending"');
  });
});
