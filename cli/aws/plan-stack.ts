import { STACK_NAME } from '../../lib/stack-names';
import type { Diff, ManualStep, PlanPart } from '../plan/plan';
import { type CdkCaller, runCdk } from './cdk';
import { readStack, type StackStatus } from './deployed-stack';
import { stateOf } from './stack-state';
import type { Assembly } from './synthesis';
import { templateDifferences } from './template-differences';
import { deleteStack, untilSettled } from './wait-for-stack';

/**
 * Whether the stack matches the assembly, in any state in which it was left.
 * @throws {AwsSetupError} {ServiceUnavailableError}
 */
export async function planStack(assembly: Assembly, caller: CdkCaller): Promise<PlanPart> {
  const stack = await readStack();
  const parts = Object.keys(assembly.template.Resources).length;
  const whole = (from: string | null): Diff[] => [
    { what: `Stack ${STACK_NAME}`, from, to: `${parts} resources` },
  ];
  const deploy = (summary: string, diff: readonly Diff[]): PlanPart => ({
    changes: [{ summary, diff, apply: (onProgress) => deployAssembly(assembly, caller, onProgress) }],
  });
  if (stack === null) return deploy(`Deploy the stack ${STACK_NAME}`, whole(null));
  switch (stateOf(stack.status)) {
    case 'in-progress':
      return deploy(
        `Wait for the current operation on the stack ${STACK_NAME}, then deploy`,
        whole(stack.status),
      );
    case 'creation-failed':
      return deploy(`Delete the stack ${STACK_NAME}, whose creation failed, and deploy`, whole(stack.status));
    case 'delete-failed':
      return deploy(`Delete the rest of the stack ${STACK_NAME} and deploy`, whole(stack.status));
    case 'stuck':
      return { manualSteps: [stuck(stack)] };
    case 'ready': {
      const diff = templateDifferences(stack.template, assembly.template);
      return diff.length === 0
        ? { upToDate: [`The deployed stack ${STACK_NAME} matches this folder`] }
        : deploy(`Update the stack ${STACK_NAME}`, diff);
    }
  }
}

/** The manual step for a stack that CloudFormation could neither complete nor roll back. */
function stuck({ status, reason }: StackStatus): ManualStep {
  return {
    what: `The stack ${STACK_NAME} is stuck in ${status}${reason === null ? '' : ` (${reason})`}`,
    fix: `npx cdk rollback ${STACK_NAME}, or CloudFormation's page of the stack in the AWS console; then run this again`,
  };
}

async function deployAssembly(
  assembly: Assembly,
  caller: CdkCaller,
  onProgress: (progress: string) => void,
): Promise<void> {
  const stack = await untilSettled(STACK_NAME, onProgress);
  if (stack !== null && stateOf(stack.status) === 'delete-failed') await deleteStack(STACK_NAME, onProgress);
  const how = ['--app', assembly.directory, '--require-approval', 'never', '--progress', 'events'];
  await runCdk(['deploy', STACK_NAME, ...how], caller, onProgress);
}
