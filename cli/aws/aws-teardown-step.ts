import { STACK_NAME } from '../../lib/stack-names';
import { joined, type Reconciler } from '../plan/plan';
import { withManualSteps } from './aws-errors';
import { readStack } from './deployed-stack';
import { TABLE_KINDS } from './kept-tables';
import { planStackDeletion } from './plan-stack-deletion';

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
        const kept = TABLE_KINDS.flatMap(({ output, content }) => {
          const table = stack.outputs[output];
          return table === undefined ? [] : [`The table ${table} is kept: it contains ${content}`];
        });
        return joined([
          { upToDate: [bootstrapKept, ...kept] },
          planStackDeletion(stack, 'its credentials and logs'),
        ]);
      }),
  };
}
