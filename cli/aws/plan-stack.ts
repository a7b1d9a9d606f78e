import type { Change, Diff, ManualStep, OnProgress, PlanPart } from '../plan/plan';
import { type Assembly, bootstrap, type CdkCaller, deploy as deployWithCdk } from './cdk';
import { type DeployedStack, readStackStatus } from './deployed-stack';
import type { Identity } from './identity';
import { completeDeletion } from './plan-stack-deletion';
import { bucketsOf } from './stack-buckets';
import { setupCommand } from './stack-errors';
import { templateDifferences } from './template-differences';
import { stateOf, untilSettled } from './wait-for-stack';

/** A stack that cannot be updated at once, or at all. */
interface StackFault extends ManualStep {
  /** What setup does about it; null if only a person can fix it. */
  readonly summary: string | null;
}

/** Judges the state in which a stack was left. @returns null if it can be updated */
export function stackFault(stack: DeployedStack): StackFault | null {
  const { name, status, reason } = stack;
  const command = setupCommand(name);
  const what = `The stack ${name} is in ${status}${reason === null ? '' : ` (${reason})`}`;
  const fix = `${command} deploys it`;
  switch (stateOf(status)) {
    case 'in-progress':
      return {
        what,
        fix: `Wait until the operation ends; ${command} waits and continues`,
        summary: `Wait for the current operation on the stack ${name}, then deploy`,
      };
    case 'creation-failed':
      return { what, fix, summary: `Delete the stack ${name}, whose creation failed, and deploy` };
    case 'delete-failed': {
      const buckets = bucketsOf(stack).map((bucket) => `, with the files in the bucket ${bucket.name},`);
      return { what, fix, summary: `Delete the rest of the stack ${name}${buckets.join('')} and deploy` };
    }
    case 'stuck':
      return {
        what,
        fix: `npx cdk rollback ${name}, or CloudFormation's page of the stack in the AWS console; then ${command}`,
        summary: null,
      };
    case 'ready':
      return null;
  }
}

/** A stack of this folder, and how it is deployed. */
export interface StackToDeploy {
  readonly name: string;
  readonly assembly: Assembly;
  readonly caller: CdkCaller;
}

/** Whether the stack matches the assembly, in any state in which it was left. */
export function planStack(stack: DeployedStack | null, wanted: StackToDeploy): PlanPart {
  const { name, assembly } = wanted;
  const template = assembly.templates.get(name) ?? { Resources: {} };
  const deploy = (summary: string, diff: readonly Diff[]): PlanPart => ({
    changes: [{ summary, diff, apply: (onProgress) => deployFromAnyState(wanted, onProgress) }],
  });
  const parts = { what: `Stack ${name}`, to: `${Object.keys(template.Resources).length} resources` };
  if (stack === null) return deploy(`Deploy the stack ${name}`, [{ ...parts, from: null }]);
  const fault = stackFault(stack);
  if (fault?.summary === null) return { manualSteps: [fault] };
  if (fault !== null) return deploy(fault.summary, [{ ...parts, from: stack.status }]);
  const diff = templateDifferences(stack.template, template);
  return diff.length === 0
    ? { upToDate: [`The deployed stack ${name} matches this folder`] }
    : deploy(`Update the stack ${name}`, diff);
}

async function deployFromAnyState(
  { name, assembly, caller }: StackToDeploy,
  onProgress: OnProgress,
): Promise<void> {
  const stack = await untilSettled(name, onProgress);
  if (stack !== null && stateOf(stack.status) === 'delete-failed') await completeDeletion(name, onProgress);
  await deployWithCdk(assembly, name, caller, onProgress);
}

/** The name of `cdk bootstrap`'s stack, and the version that this deployment needs. */
const BOOTSTRAP = { stack: 'CDKToolkit', output: 'BootstrapVersion', needed: 6 };

/** Whether this account and region are bootstrapped for CDK. @throws {AwsSetupError} {ServiceUnavailableError} */
export async function planBootstrap({ account, region }: Identity, caller: CdkCaller): Promise<PlanPart> {
  const found = await readStackStatus(BOOTSTRAP.stack);
  const version = found && stateOf(found.status) === 'ready' ? Number(found.outputs[BOOTSTRAP.output]) : 0;
  if (version >= BOOTSTRAP.needed) {
    return { upToDate: ['The account is bootstrapped for CDK in this region'] };
  }
  const place = `aws://${account}/${region}`;
  const change: Change = {
    summary: `Bootstrap ${place} for CDK, with a bucket and roles for deployments`,
    diff: [{ what: `Stack ${BOOTSTRAP.stack}`, from: found?.status ?? null, to: 'CREATE_COMPLETE' }],
    apply: async (onProgress) => {
      await untilSettled(BOOTSTRAP.stack, onProgress);
      await bootstrap(place, caller, onProgress);
    },
  };
  return { changes: [change] };
}
