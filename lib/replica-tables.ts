import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { STACK_VARIABLES } from '../lambdas/config';
import { OPT_OUT_TABLE, REPLICA_TABLE } from '../lambdas/replica/tables';
import { acknowledge } from './acknowledge';
import { BASE_TAG, optOutTableName, STACK_TAG } from './stack-names';
import { createRetainedTable, createTable, existingTable, type NamedTable, namedTable } from './tables';

export interface ReplicaTablesProps {
  /** The base that the replica copies. */
  readonly baseId: string;
  /** An existing opt-out table, left by an earlier stack; null to create one. */
  readonly optOutTableName: string | null;
}

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
      optOutTableName === null
        ? this.createOptOuts(baseId)
        : existingTable(Stack.of(this), optOutTableName, OPT_OUT_TABLE, STACK_VARIABLES.optOutTable);
  }

  private createReplica(): NamedTable {
    const table = createTable(this, 'Replica', REPLICA_TABLE, { removalPolicy: RemovalPolicy.DESTROY });
    acknowledge(table, {
      DDB3: 'It is a copy of the Airtable base, which a pass of the function sync reads again within seconds to minutes. A recovered older copy would be worse than none, because it would show what was deleted or changed since; the opt-outs, which exist nowhere else, have a table of their own with point-in-time recovery.',
    });
    return namedTable(table, REPLICA_TABLE, STACK_VARIABLES.replicaTable);
  }

  private createOptOuts(baseId: string): NamedTable {
    const { stackName } = Stack.of(this);
    return createRetainedTable(this, 'OptOuts', {
      name: optOutTableName(stackName),
      schema: OPT_OUT_TABLE,
      variable: STACK_VARIABLES.optOutTable,
      tags: { [BASE_TAG]: baseId, [STACK_TAG]: stackName },
    });
  }
}
