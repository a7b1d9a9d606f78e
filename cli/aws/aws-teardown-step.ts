import { STACK_NAME } from '../../lib/stack-names';
import type { Change, Diff, Reconciler } from '../plan/plan';
import { withManualSteps } from './aws-errors';
import { type DeployedStack, readStack } from './deployed-stack';
import type { Resource } from './stack-template';
import { deleteStack } from './wait-for-stack';

/** AWS's part of a teardown: deletes the stack with its functions, logs and secret. Keeps the CDK bootstrap stack. */
export function awsTeardownStep(): Reconciler {
  return {
    name: 'AWS',
    plan: () =>
      withManualSteps(async () => {
        const bootstrapKept =
          'CDKToolkit is kept: other CDK applications of this account and region may use it';
        const stack = await readStack(STACK_NAME);
        if (stack === null) {
          return { upToDate: [`The stack ${STACK_NAME} does not exist`, bootstrapKept] };
        }
        const { OptOutTableName: table } = stack.outputs;
        const kept = table === undefined ? [] : [`The table ${table} is kept: it contains the opt-outs`];
        if (stack.isProtected) {
          const what = `The stack ${STACK_NAME} has termination protection`;
          const fix = `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${STACK_NAME}`;
          return { upToDate: [bootstrapKept, ...kept], manualSteps: [{ what, fix }] };
        }
        return { upToDate: [bootstrapKept, ...kept], changes: [deletion(stack)] };
      }),
  };
}

function deletion(stack: DeployedStack): Change {
  return {
    summary: `Delete the stack ${STACK_NAME} with its credentials and logs`,
    diff: resourceCounts(stack),
    // Not `cdk destroy`, because it synthesises the template only to delete the stack.
    apply: (onProgress) => deleteStack(STACK_NAME, onProgress),
  };
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
