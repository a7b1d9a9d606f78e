import { type Environment, readConfiguration } from '../../lambdas/config';
import { STACK_NAME } from '../../lib/stack-names';
import { noStack } from '../aws/cached-lookups';
import { readStackStatus } from '../aws/deployed-stack';
import { deployedStores, noReplica } from '../aws/deployed-stores';
import type { ServiceStores } from '../replica/open-stores';

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
