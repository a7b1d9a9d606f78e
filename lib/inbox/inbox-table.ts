import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { INBOX_STACK_VARIABLES } from '../../lambdas/inbox/inbox-configuration';
import { INBOX_TABLE } from '../../lambdas/inbox/store/inbox-table';
import { BASE_TAG, INBOX_TAG, inboxTableName } from '../stack-names';
import { createRetainedTable, existingTable, type NamedTable } from '../tables';

export interface InboxTableProps {
  readonly baseId: string;
  /** An existing table, left by an earlier stack; null to create one. */
  readonly inboxTableName: string | null;
}

/**
 * The inbox's table: chats, workers' rows and workers. It belongs to the service's stack, where it stays empty without
 * the inbox, so that the inbox can be removed and deployed again without losing what its workers have read.
 */
export function inboxTable(scope: Construct, id: string, props: InboxTableProps): NamedTable {
  const stack = Stack.of(scope);
  const variable = INBOX_STACK_VARIABLES.table;
  if (props.inboxTableName !== null) return existingTable(stack, props.inboxTableName, INBOX_TABLE, variable);
  return createRetainedTable(scope, id, {
    name: inboxTableName(stack.stackName),
    schema: INBOX_TABLE,
    variable,
    // Not the tag of the opt-out table, which setup must not confuse with this one.
    tags: { [BASE_TAG]: props.baseId, [INBOX_TAG]: stack.stackName },
  });
}
