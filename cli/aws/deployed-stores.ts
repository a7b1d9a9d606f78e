import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Configuration } from '../../lambdas/config';
import { STACK_NAME } from '../../lib/stack-names';
import { openStores, type ServiceStores } from '../replica/open-stores';
import { clientOptions } from './aws-errors';
import { AwsSetupError } from './aws-setup-error';
import { replicaOutputs, type StackStatus } from './deployed-stack';
import { startSyncOf } from './start-sync';

/** The stores of a stack, with the caller's own credentials; null for a version of the stack without a replica. */
export function deployedStores(
  stack: StackStatus,
  { airtableBaseId: baseId, defaultCountry }: Configuration,
): ServiceStores | null {
  const outputs = replicaOutputs(stack);
  if (outputs === null) return null;
  const { replicaTable, optOutTable, syncFunction } = outputs;
  const client = new DynamoDBClient(clientOptions());
  const startSync = startSyncOf(syncFunction);
  return openStores({ client, replicaTable, optOutTable, baseId, defaultCountry, startSync });
}

/** The error for a command that needs the replica of a stack that has none. */
export function noReplica(): AwsSetupError {
  return new AwsSetupError(
    `The stack ${STACK_NAME} is an old version without a replica and an opt-out table`,
    'npx frontline setup deploys this version',
  );
}
