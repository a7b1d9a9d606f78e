import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Configuration } from '../../lambdas/config';
import type { StartSync } from '../../lambdas/sync/sync-event';
import { STACK_NAME } from '../../lib/stack-names';
import { openStores, type ServiceStores } from '../replica/open-stores';
import { AwsSetupError, callAws, clientOptions } from './aws-errors';
import { replicaOutputs, type StackStatus } from './deployed-stack';

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

/**
 * Starts runs of the deployed `sync` function with the caller's own credentials, without waiting for them.
 * @throws {AwsSetupError} {ServiceUnavailableError} {UpstreamError} from each start
 */
function startSyncOf(functionName: string): StartSync {
  const client = new LambdaClient(clientOptions());
  return async (event) => {
    await callAws('lambda:InvokeFunction', () =>
      client.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: 'Event',
          Payload: Buffer.from(JSON.stringify(event)),
        }),
      ),
    );
  };
}
