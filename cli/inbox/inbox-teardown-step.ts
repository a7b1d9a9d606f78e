import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { WorkerStore } from '../../lambdas/inbox/store/worker-store';
import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';
import { awsErrorName, clientOptions, withManualSteps } from '../aws/aws-errors';
import { readStack, readStackStatus } from '../aws/deployed-stack';
import { readIdentity } from '../aws/identity';
import { INBOX, tablesOfStack } from '../aws/kept-tables';
import { planStackDeletion } from '../aws/plan-stack-deletion';
import { bucketsOf, type StackBucket } from '../aws/stack-buckets';
import { joined, type OnProgress, type PlanPart, type Reconciler } from '../plan/plan';
import { counted } from '../terminal/counted';

const CONTENT = "the workers' sign-in and the site";

/**
 * The inbox's part of a teardown, from any state: ends the access of every worker, empties the site's bucket, which
 * CloudFormation cannot delete otherwise, and deletes the inbox's stack. The inbox table stays.
 */
export function inboxTeardownStep(): Reconciler {
  return {
    name: 'Inbox',
    plan: () =>
      withManualSteps(async () => {
        const stack = await readStack(INBOX_STACK_NAME);
        if (stack?.isProtected) return planStackDeletion(stack, CONTENT);
        const workers: PlanPart[] = [];
        for (const table of await inboxTables()) workers.push(await planWorkers(table));
        if (stack === null) {
          return joined([
            { upToDate: [`The stack ${INBOX_STACK_NAME} does not exist in this account and region`] },
            ...workers,
          ]);
        }
        const buckets: PlanPart[] = [];
        for (const bucket of bucketsOf(stack)) buckets.push(await planBucket(bucket));
        return joined([...workers, ...buckets, planStackDeletion(stack, CONTENT)]);
      }),
  };
}

/** The tables with workers: the one that the service uses, else those that earlier stacks left. */
async function inboxTables(): Promise<readonly string[]> {
  const used = (await readStackStatus(STACK_NAME))?.outputs[INBOX.output];
  if (used !== undefined) return [used];
  const kept = await tablesOfStack(await readIdentity());
  return kept.filter(({ kind }) => kind === INBOX).map(({ name }) => name);
}

/** So that no one counts as a colleague, and gets a customer's chat, without being able to sign in. */
async function planWorkers(table: string): Promise<PlanPart> {
  const store = new WorkerStore({ client: new DynamoDBClient(clientOptions()), table });
  const active = await activeWorkers(store);
  if (active.length === 0) return {};
  const change = {
    summary: `Make ${counted(active.length, 'worker')} in ${table} inactive`,
    diff: active.map(({ identity }) => ({ what: identity, from: 'active', to: 'inactive' })),
    apply: async () => {
      for (const { subject } of await activeWorkers(store)) await store.setActive(subject, false);
    },
  };
  return { changes: [change] };
}

/** Empty if the table does not exist. */
async function activeWorkers(store: WorkerStore) {
  try {
    return (await store.list()).filter(({ isActive }) => isActive);
  } catch (error) {
    const isGone = error instanceof Error && awsErrorName(error.cause) === 'ResourceNotFoundException';
    if (isGone) return [];
    throw error;
  }
}

async function planBucket(bucket: StackBucket): Promise<PlanPart> {
  if (await bucket.isEmpty()) return {};
  const change = {
    summary: `Empty the bucket ${bucket.name} with the app`,
    diff: [],
    apply: (onProgress: OnProgress) => bucket.empty(onProgress),
  };
  return { changes: [change] };
}
