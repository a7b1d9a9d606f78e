import { RemovalPolicy, type Stack, Tags } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { IndexSchema, TableSchema } from '../lambdas/replica/tables';

/** A table by its name and ARN, new or existing, with the actions that a function may be granted. */
export interface NamedTable {
  readonly name: string;
  readonly arn: string;
  readonly schema: TableSchema;
  /** The environment variable that gives a function the table's name. */
  readonly variable: string;
}

/** The access of one function to one table. */
export interface TableUse {
  readonly actions: readonly TableAction[];
  /** Which of the table's indexes it may query. */
  readonly indexes: readonly IndexSchema[];
  /** The only partition that it may access; all if omitted. */
  readonly partition?: string;
}

type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'Scan'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem';

/** The actions on single items, and the same with batches. */
export const READS = ['GetItem', 'Query'] as const;
export const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'] as const;
export const BATCH_READS = [...READS, 'BatchGetItem'] as const;
export const BATCH_WRITES = [...WRITES, 'BatchWriteItem'] as const;

/** Grants a function exactly this use of a table, and sets the variable with the table's name. */
export function grantTable(
  user: LambdaFunction,
  { name, arn, variable }: NamedTable,
  { actions, indexes, partition }: TableUse,
): void {
  if (actions.length > 0) {
    user.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [arn],
        ...(partition !== undefined && {
          conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [partition] } },
        }),
      }),
    );
  }
  if (indexes.length > 0) {
    user.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: indexes.map((index) => `${arn}/index/${index.name}`),
      }),
    );
  }
  user.addEnvironment(variable, name);
}

/** Creates a table, billed on demand because a team's traffic is a few requests a second by day and none at night. */
export function createTable(
  scope: Construct,
  id: string,
  { partitionKey, sortKey, timeToLive, indexes }: TableSchema,
  props: Partial<TableProps>,
): Table {
  const table = new Table(scope, id, {
    partitionKey: text(partitionKey),
    sortKey: text(sortKey),
    billingMode: BillingMode.PAY_PER_REQUEST,
    // DynamoDB encrypts every table. With the key that AWS owns, this costs nothing and needs no grant.
    encryption: TableEncryption.DEFAULT,
    ...(timeToLive !== null && { timeToLiveAttribute: timeToLive }),
    ...props,
  });
  for (const { name, projection, ...keys } of indexes) {
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: text(keys.partitionKey),
      sortKey: text(keys.sortKey),
      ...(projection === 'all'
        ? { projectionType: ProjectionType.ALL }
        : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...projection] }),
    });
  }
  return table;
}

function text(name: string) {
  return { name, type: AttributeType.STRING };
}

export function namedTable(
  { tableName, tableArn }: Table,
  schema: TableSchema,
  variable: string,
): NamedTable {
  return { name: tableName, arn: tableArn, schema, variable };
}

export interface RetainedTableProps {
  readonly name: string;
  readonly schema: TableSchema;
  readonly variable: string;
  /** The tags by which setup finds the table after its stack is deleted. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A table whose items exist nowhere else: it is protected from deletion, can be recovered to any second of the last 35
 * days, and stays when the stack is deleted. Its name is fixed, so that a stack that is deployed again without the kept
 * table's name fails because the name is taken. Otherwise it would start with an empty table beside the full one.
 */
export function createRetainedTable(
  scope: Construct,
  id: string,
  { name, schema, variable, tags }: RetainedTableProps,
): NamedTable {
  const table = createTable(scope, id, schema, {
    tableName: name,
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: true,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
  for (const [key, value] of Object.entries(tags)) Tags.of(table).add(key, value);
  return namedTable(table, schema, variable);
}

/** A table that exists already, in the stack's account and region. */
export function existingTable(stack: Stack, name: string, schema: TableSchema, variable: string): NamedTable {
  const arn = stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: name });
  return { name, arn, schema, variable };
}
