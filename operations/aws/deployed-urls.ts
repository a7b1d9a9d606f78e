import { AwsUnusable } from './aws-unusable';
import { readStackStatus, type StackOutputs, stackOutputs } from './deployed-stack';
import { STACK_NAME } from './stack-names';
import { stateOf } from './stack-state';

/**
 * The callbacks' addresses; null while there is no stack to have any, or no way to look.
 * @throws {Misconfigured} where the stack is of an older version that does not put them out; {Unavailable}
 */
export async function deployedUrls(): Promise<StackOutputs['callbackUrls'] | null> {
  try {
    const stack = await readStackStatus(STACK_NAME);
    return stack !== null && stateOf(stack.status) === 'ready' ? stackOutputs(stack).callbackUrls : null;
  } catch (error) {
    if (error instanceof AwsUnusable) return null;
    throw error;
  }
}
