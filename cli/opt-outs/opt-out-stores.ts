import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Environment, readConfiguration } from '../../lambdas/config';
import type { CountryCode } from '../../lambdas/phone-number/address';
import { STACK_NAME } from '../../lib/stack-names';
import { readStackStatus } from '../aws/deployed-stack';
import { deployedStores, noReplica } from '../aws/deployed-stores';
import { noStack } from '../aws/stack-errors';
import { openStores, type ServiceStores } from '../replica/open-stores';
import { SYNC_FUNCTION } from '../start/functions';
import { TABLE_NAMES } from '../start/local-tables';
import { requireRunning } from '../start/start-state';

/**
 * The stores of the deployed service.
 * @throws {ConfigurationError} if the configuration is invalid
 * @throws {AwsSetupError} if there is no stack, or one without a replica
 */
export async function openDeployedStores(environment: Environment): Promise<ServiceStores> {
  const configuration = readConfiguration(environment);
  const stack = await readStackStatus(STACK_NAME);
  if (stack === null) throw noStack();
  const stores = deployedStores(stack, configuration);
  if (stores === null) throw noReplica();
  return stores;
}

/**
 * The stores of the `npm start` that runs in this folder.
 * @throws {UserError} if none runs
 */
export async function openLocalStores(
  directory: string,
  defaultCountry: CountryCode,
): Promise<ServiceStores> {
  const { baseId, urls } = await requireRunning(directory);
  const lambda = new LambdaClient(clientAt(urls.lambda));
  return openStores({
    client: new DynamoDBClient(clientAt(urls.dynamoDb)),
    replicaTable: TABLE_NAMES.replica,
    optOutTable: TABLE_NAMES.optOuts,
    baseId,
    defaultCountry,
    startSync: async (event) => {
      const Payload = Buffer.from(JSON.stringify(event));
      await lambda.send(new InvokeCommand({ FunctionName: SYNC_FUNCTION, InvocationType: 'Event', Payload }));
    },
  });
}

/** Ignores any AWS account that is set up here, because this machine's emulators do not use it. */
function clientAt(endpoint: string) {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
}
