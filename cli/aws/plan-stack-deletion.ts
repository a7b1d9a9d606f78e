import type { Diff, OnProgress, PlanPart } from '../plan/plan';
import { type DeployedStack, readStack } from './deployed-stack';
import { bucketsOf } from './stack-buckets';
import type { Resource } from './stack-template';
import { deleteStack } from './wait-for-stack';

/**
 * The deletion of a stack, in any state in which it was left.
 * @param content what goes with it, as in "delete the stack with …"
 */
export function planStackDeletion(stack: DeployedStack, content: string): PlanPart {
  const { name, isProtected } = stack;
  if (isProtected) {
    const what = `The stack ${name} has termination protection`;
    const fix = `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}`;
    return { manualSteps: [{ what, fix }] };
  }
  const change = {
    summary: `Delete the stack ${name} with ${content}`,
    diff: resourceCounts(stack),
    // Not `cdk destroy`, because it synthesises the template only to delete the stack.
    apply: (onProgress: OnProgress) => deleteStack(name, onProgress),
  };
  return { changes: [change] };
}

/**
 * Deletes what a failed deletion left of a stack. Empties its buckets first, because CloudFormation deletes no bucket
 * with files, which may be why the deletion failed.
 * @throws {UpstreamError} naming the resources that could not be deleted
 */
export async function completeDeletion(stackName: string, onProgress: OnProgress): Promise<void> {
  const left = await readStack(stackName);
  if (left === null) return;
  for (const bucket of bucketsOf(left)) await bucket.empty(onProgress);
  await deleteStack(stackName, onProgress);
}

/** The number of resources of each kind, without those that the template retains. */
function resourceCounts({ resources, template }: DeployedStack): readonly Diff[] {
  const going = resources.filter(({ logicalId }) => !isRetained(template.Resources[logicalId]));
  const types = [...new Set(going.map(({ type }) => type))];
  return types.sort().map((what) => ({
    what,
    from: String(going.filter(({ type }) => type === what).length),
    to: null,
  }));
}

function isRetained(resource: Resource | undefined): boolean {
  return resource !== undefined && String(resource['DeletionPolicy']).startsWith('Retain');
}
