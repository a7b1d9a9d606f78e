import type { DeployedStack } from '../../../cli/aws/deployed-stack';
import { STACK_NAME } from '../../../lib/stack-names';

/** A stack without faults, as CloudFormation describes it, except for the changes. */
export function aStack(changes: Partial<DeployedStack> = {}): DeployedStack {
  return {
    name: STACK_NAME,
    status: 'UPDATE_COMPLETE',
    reason: null,
    isProtected: false,
    outputs: {},
    template: { Resources: {} },
    resources: [],
    logGroups: new Map(),
    functionVariables: new Map(),
    ...changes,
  };
}

/** Who calls AWS. */
export const IDENTITY = {
  account: '111122223333',
  arn: 'arn:aws:iam::111122223333:role/Dev',
  region: 'eu-west-1',
};
