import type { Environment } from '../../../lambdas/config';
import { isKnownError } from '../../../lambdas/errors';
import { openDeployedStores } from '../../opt-outs/opt-out-stores';

/**
 * The identities in the customers' `owner` column, as the replica has them.
 * @returns null where the replica cannot be read, because a comparison with them is only a hint
 */
export async function deployedOwners(environment: Environment): Promise<readonly string[] | null> {
  try {
    const { customers } = await openDeployedStores(environment);
    return (await customers.listOwners()).map(({ identity }) => identity);
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return null;
  }
}
