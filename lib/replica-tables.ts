import { RemovalPolicy, Stack, Tags, Validations } from 'aws-cdk-lib';
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
import { Construct } from 'constructs';
import { STACK_VARIABLES } from '../lambdas/config';
import { type IndexSchema, OPT_OUT_TABLE, REPLICA_TABLE, type TableSchema } from '../lambdas/replica/tables';
import { BASE_TAG, optOutTableName, STACK_TAG } from './stack-names';

export interface ReplicaTablesProps {
  /** The base that the replica copies. */
  readonly baseId: string;
  /** An existing opt-out table, left by an earlier stack; null to create one. */
  readonly optOutTableName: string | null;
}

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

/**
 * The service's two tables. The replica is a copy of the base: it is deleted with the stack and can be rebuilt at any
 * time. The opt-outs exist nowhere else: they are protected from deletion, can be recovered to any second of the last
 * 35 days, and stay when the stack is deleted.
 */
export class ReplicaTables extends Construct {
  readonly replica: NamedTable;
  readonly optOuts: NamedTable;

  constructor(scope: Construct, id: string, { baseId, optOutTableName }: ReplicaTablesProps) {
    super(scope, id);
    this.replica = this.createReplica();
    this.optOuts =
      optOutTableName === null ? this.createOptOuts(baseId) : this.existingOptOuts(optOutTableName);
  }

  private createReplica(): NamedTable {
    const table = createTable(this, 'Replica', REPLICA_TABLE, { removalPolicy: RemovalPolicy.DESTROY });
    Validations.of(table).acknowledge({
      id: 'AwsSolutions::AwsSolutions-DDB3',
      reason:
        'It is a copy of the Airtable base, which a pass of the function sync reads again within seconds to minutes. A recovered older copy would be worse than none, because it would show what was deleted or changed since; the opt-outs, which exist nowhere else, have a table of their own with point-in-time recovery.',
    });
    return named(table, REPLICA_TABLE, STACK_VARIABLES.replicaTable);
  }

  private createOptOuts(baseId: string): NamedTable {
    const { stackName } = Stack.of(this);
    const table = createTable(this, 'OptOuts', OPT_OUT_TABLE, {
      // A fixed name, so that a stack deployed again without OPT_OUT_TABLE_NAME fails because the name is taken.
      // Otherwise it would start with an empty table beside the one that holds the opt-outs.
      tableName: optOutTableName(stackName),
      removalPolicy: RemovalPolicy.RETAIN,
      deletionProtection: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });
    Tags.of(table).add(BASE_TAG, baseId);
    Tags.of(table).add(STACK_TAG, stackName);
    return named(table, OPT_OUT_TABLE, STACK_VARIABLES.optOutTable);
  }

  private existingOptOuts(name: string): NamedTable {
    const arn = Stack.of(this).formatArn({ service: 'dynamodb', resource: 'table', resourceName: name });
    return { name, arn, schema: OPT_OUT_TABLE, variable: STACK_VARIABLES.optOutTable };
  }
}

/** Grants a function exactly this use of a table, and sets the variable with the table's name. */
export function grantTable(
  user: LambdaFunction,
  { name, arn, variable }: NamedTable,
  { actions, indexes, partition }: TableUse,
): void {
  user.addToRolePolicy(
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [arn],
      ...(partition !== undefined && {
        conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [partition] } },
      }),
    }),
  );
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

/** On demand, because a team's traffic is a few requests a second by day and none at night. */
function createTable(
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

function named({ tableName, tableArn }: Table, schema: TableSchema, variable: string): NamedTable {
  return { name: tableName, arn: tableArn, schema, variable };
}
