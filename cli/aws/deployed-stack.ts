import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { ConfigurationError } from '../../lambdas/errors';
import { CALLBACK_NAMES, type CallbackName, perCallback } from '../../lambdas/twilio/callbacks';
import { type FunctionName, isCallback } from '../../lib/function-names';
import { callbackId, pascalCase, STACK_NAME } from '../../lib/stack-names';
import { callbackUrlOutput, SERVICE_OUTPUTS } from '../../lib/stack-outputs';
import { awsErrorName, callAws, clientOptions } from './aws-errors';
import { setupCommand } from './stack-errors';
import { functionsIn, parseTemplate, type StackTemplate } from './stack-template';
import { stateOf } from './wait-for-stack';

/** A stack of the account, as CloudFormation describes it. */
export interface StackStatus {
  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;
  /** CloudFormation's reason for a status that is not a success; null if it gives none. */
  readonly reason: string | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly isProtected: boolean;
}

/** A stack of this project, with its resources and template. */
export interface DeployedStack extends StackStatus {
  readonly name: string;
  readonly template: StackTemplate;
  /** The environment variables of each function. */
  readonly functionVariables: ReadonlyMap<FunctionName, Readonly<Record<string, string>>>;
  readonly logGroups: ReadonlyMap<FunctionName, string>;
  /** Types and names of its resources that are not deleted. */
  readonly resources: readonly StackResource[];
}

interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** The name at AWS; null until it is created. */
  readonly physicalId: string | null;
}

/** The stack's outputs. */
export interface StackOutputs {
  readonly apiUrl: string;
  readonly credentialsSecretArn: string;
  /** Exactly as entered in the Twilio console. */
  readonly callbackUrls: Readonly<Record<CallbackName, string>>;
}

/**
 * Reads a stack's status.
 * @returns null if absent, or only a change set that was never executed
 * @throws {AwsSetupError} {ServiceUnavailableError} {UpstreamError}
 */
export async function readStackStatus(stackName: string): Promise<StackStatus | null> {
  const client = new CloudFormationClient(clientOptions());
  const stack = await callAws('cloudformation:DescribeStacks', () => describe(client, stackName));
  return stack === null || stack.StackStatus === 'REVIEW_IN_PROGRESS' ? null : statusOf(stack);
}

/**
 * Whether a stack certainly does not exist: false if AWS is not set up, or does not let it be read.
 * @throws {ServiceUnavailableError, UpstreamError}
 */
export async function isStackAbsent(stackName: string): Promise<boolean> {
  try {
    return (await readStackStatus(stackName)) === null;
  } catch (error) {
    if (error instanceof ConfigurationError) return false;
    throw error;
  }
}

/** A stack of this project; null if absent. @throws {AwsSetupError} {ServiceUnavailableError} {UpstreamError} */
export async function readStack(name: string): Promise<DeployedStack | null> {
  const found = await readStackStatus(name);
  if (found === null) return null;
  const client = new CloudFormationClient(clientOptions());
  const { TemplateBody } = await callAws('cloudformation:GetTemplate', () =>
    client.send(new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' })),
  );
  const template = parseTemplate(TemplateBody ?? '', `The template of the stack ${name}`);
  const resources = await callAws('cloudformation:ListStackResources', () => listResources(client, name));
  const functions = functionsIn(template);
  return {
    ...found,
    name,
    template,
    resources,
    functionVariables: new Map(functions.map((one) => [one.name, one.variables])),
    logGroups: new Map(
      functions.flatMap((one): [FunctionName, string][] => {
        const group = resources.find(({ logicalId }) => logicalId === one.logGroupId)?.physicalId ?? null;
        return group === null ? [] : [[one.name, group]];
      }),
    ),
  };
}

/** The service's outputs. @throws {ConfigurationError} naming those that it lacks */
export function stackOutputs(stack: StackStatus): StackOutputs {
  const { apiUrl, credentialsSecretArn } = SERVICE_OUTPUTS;
  const names = [apiUrl, credentialsSecretArn, ...CALLBACK_NAMES.map(callbackUrlOutput)];
  const output = requiredOutputs(names, stack, STACK_NAME);
  return {
    apiUrl: output(apiUrl),
    credentialsSecretArn: output(credentialsSecretArn),
    callbackUrls: perCallback((callback) => output(callbackUrlOutput(callback))),
  };
}

/** Reads outputs that the commands need. @throws {ConfigurationError} naming those that the stack lacks */
export function requiredOutputs<TName extends string>(
  names: readonly TName[],
  { outputs }: StackStatus,
  stackName: string,
): (name: TName) => string {
  const missing = names.filter((name) => !outputs[name]);
  if (missing.length > 0) {
    throw new ConfigurationError([
      `The stack ${stackName} has no output ${missing.join(', ')}; ${setupCommand(stackName)} deploys the current version`,
    ]);
  }
  return (name) => outputs[name] ?? '';
}

/** The stack's outputs about the replica; null for a version of the stack without a replica. */
export interface ReplicaOutputs {
  readonly replicaTable: string;
  readonly optOutTable: string;
  readonly syncFunction: string;
}

export function replicaOutputs({ outputs }: StackStatus): ReplicaOutputs | null {
  const replicaTable = outputs[SERVICE_OUTPUTS.replicaTable];
  const optOutTable = outputs[SERVICE_OUTPUTS.optOutTable];
  const syncFunction = outputs[SERVICE_OUTPUTS.syncFunction];
  return replicaTable && optOutTable && syncFunction ? { replicaTable, optOutTable, syncFunction } : null;
}

/** The URL to enter in the Twilio console for a callback; null if the stack has no such output, or not yet. */
export function callbackUrlOf({ outputs }: StackStatus, callback: CallbackName): string | null {
  return outputs[callbackUrlOutput(callback)] || null;
}

async function describe(client: CloudFormationClient, StackName: string): Promise<Stack | null> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0] ?? null;
  } catch (error) {
    const isAbsent = awsErrorName(error) === 'ValidationError' && /does not exist/.test(String(error));
    if (isAbsent) return null;
    throw error;
  }
}

function statusOf(stack: Stack): StackStatus {
  const outputs = (stack.Outputs ?? []).flatMap(({ OutputKey, OutputValue }): [string, string][] =>
    OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue]],
  );
  return {
    status: stack.StackStatus ?? '',
    reason: stack.StackStatusReason || null,
    outputs: Object.fromEntries(outputs),
    isProtected: stack.EnableTerminationProtection ?? false,
  };
}

async function listResources(client: CloudFormationClient, StackName: string): Promise<StackResource[]> {
  const resources: StackResource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName })) {
    for (const one of page.StackResourceSummaries ?? []) {
      // A resource that a deletion skipped still exists, but no longer belongs to the stack.
      if (one.ResourceStatus === 'DELETE_COMPLETE' || one.ResourceStatus === 'DELETE_SKIPPED') continue;
      resources.push({
        logicalId: one.LogicalResourceId ?? '',
        type: one.ResourceType ?? '',
        physicalId: one.PhysicalResourceId || null,
      });
    }
  }
  return resources;
}

/**
 * The callbacks' URLs; null if there is no stack with these outputs, or if AWS is not set up.
 * @throws {ServiceUnavailableError, UpstreamError}
 */
export function deployedUrls(): Promise<StackOutputs['callbackUrls'] | null> {
  return ifDeployed(STACK_NAME, (stack) => stackOutputs(stack).callbackUrls);
}

/**
 * A value of a stack that can be used; null without such a stack, without what `use` needs, or if AWS is not set up.
 * @throws {ServiceUnavailableError, UpstreamError}
 */
export async function ifDeployed<T>(stackName: string, use: (stack: StackStatus) => T): Promise<T | null> {
  try {
    const stack = await readStackStatus(stackName);
    return stack !== null && stateOf(stack.status) === 'ready' ? use(stack) : null;
  } catch (error) {
    if (error instanceof ConfigurationError) return null;
    throw error;
  }
}

/** The prefix of the function's logical id in the template; CDK appends eight characters. */
export function functionId(name: FunctionName): string {
  return isCallback(name) ? `${callbackId(name)}Callback` : `${pascalCase(name)}Function`;
}
