import { ConfigurationError } from '../../lambdas/errors';
import { STACK_NAME } from '../../lib/stack-names';
import { readStackStatus, type StackOutputs, stackOutputs } from './deployed-stack';
import { stateOf } from './stack-state';

/**
 * The callbacks' URLs; null if there is no stack with these outputs, or if AWS is not set up.
 * @throws {ServiceUnavailableError, UpstreamError}
 */
export async function deployedUrls(): Promise<StackOutputs['callbackUrls'] | null> {
  try {
    const stack = await readStackStatus(STACK_NAME);
    return stack !== null && stateOf(stack.status) === 'ready' ? stackOutputs(stack).callbackUrls : null;
  } catch (error) {
    if (error instanceof ConfigurationError) return null;
    throw error;
  }
}
