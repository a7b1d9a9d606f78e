import { setTimeout as pause } from 'node:timers/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
} from '@aws-sdk/client-cloudformation';
import { UpstreamError } from '../../lambdas/errors';
import type { OnProgress } from '../plan/plan';
import { callAws, clientOptions } from './aws-errors';
import { readStackStatus, type StackStatus } from './deployed-stack';

const LOOK_MS = 2_000;

/**
 * Waits until a stack's current operation ends, even one that another process started, because CloudFormation
 * continues by itself.
 * @returns the final status; null if the stack was deleted
 */
export async function untilSettled(stackName: string, onProgress: OnProgress): Promise<StackStatus | null> {
  const startedAt = Date.now();
  for (;;) {
    const stack = await readStackStatus(stackName);
    if (stack === null || stateOf(stack.status) !== 'in-progress') return stack;
    onProgress(`${stack.status} for ${Math.round((Date.now() - startedAt) / 1_000)} s`);
    await pause(LOOK_MS);
  }
}

/**
 * Deletes a stack and waits until it is deleted. Succeeds if it does not exist.
 * @throws {UpstreamError} naming the resources that could not be deleted, with the reasons
 */
export async function deleteStack(stackName: string, onProgress: OnProgress): Promise<void> {
  if ((await untilSettled(stackName, onProgress)) === null) return;
  const client = new CloudFormationClient(clientOptions());
  const startedAt = new Date();
  await callAws('cloudformation:DeleteStack', () =>
    client.send(new DeleteStackCommand({ StackName: stackName })),
  );
  const left = await untilSettled(stackName, onProgress);
  if (left === null) return;
  const reasons = await failuresSince(client, stackName, startedAt);
  throw new UpstreamError(
    `The stack ${stackName} could not be deleted (${left.status}): ${reasons.join('; ') || left.reason || 'no reason given'}`,
  );
}

async function failuresSince(
  client: CloudFormationClient,
  stackName: string,
  since: Date,
): Promise<readonly string[]> {
  const { StackEvents = [] } = await callAws('cloudformation:DescribeStackEvents', () =>
    client.send(new DescribeStackEventsCommand({ StackName: stackName })),
  );
  return StackEvents.filter(
    ({ ResourceStatus, Timestamp }) =>
      ResourceStatus?.endsWith('_FAILED') && Timestamp !== undefined && Timestamp >= since,
  ).map(
    ({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason ?? ''}`,
  );
}

/**
 * A stack's state. `ready`: exists and can be changed. `in-progress`: wait for it. `creation-failed`: left by a failed
 * creation; CDK deletes it before it creates it again. `delete-failed`: delete it again. `stuck`: needs a person.
 */
export type StackState = 'ready' | 'in-progress' | 'creation-failed' | 'delete-failed' | 'stuck';

/** The state for a CloudFormation status. */
export function stateOf(status: string): StackState {
  if (status.endsWith('_IN_PROGRESS')) return 'in-progress';
  switch (status) {
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
      return 'creation-failed';
    case 'DELETE_FAILED':
      return 'delete-failed';
    default:
      return status.endsWith('_FAILED') ? 'stuck' : 'ready';
  }
}
