import type { WorkerRecord } from '../../lambdas/inbox/store/worker-store';
import type { PlanPart } from '../plan/plan';
import type { TwilioAccount } from './twilio-account';

/** A worker of the inbox, as far as routing needs it. */
export type InboxWorker = Pick<WorkerRecord, 'identity' | 'isActive'>;

/** Whether every worker in DEFAULT_WORKER can take a conversation in the Frontline app. */
export async function planDefaultWorkers(
  account: Pick<TwilioAccount, 'frontlineUserState'>,
  workers: readonly string[],
): Promise<PlanPart> {
  if (workers.length === 0) return NOT_SET;
  const states = new Map<string, string | null>();
  for (const worker of workers) states.set(worker, await account.frontlineUserState(worker));
  const faults = faultsOf(workers, (worker) => states.get(worker) ?? null, 'a Frontline user');
  const fix =
    'Set DEFAULT_WORKER in .env to exact identities of Frontline > Manage > Users, and run npx frontline setup; a new user has to sign in to the app once';
  return planFaults(workers, faults, fix);
}

/**
 * Whether every worker in DEFAULT_WORKER can take a chat in the inbox.
 * @param known the workers of the inbox; null if they cannot be read
 */
export function planDefaultInboxWorkers(
  workers: readonly string[],
  known: readonly InboxWorker[] | null,
): PlanPart {
  if (workers.length === 0) return NOT_SET;
  if (known === null) {
    return {
      upToDate: [
        `DEFAULT_WORKER (${workers.join(', ')}): npx frontline doctor compares it with the workers of the inbox`,
      ],
    };
  }
  const faults = faultsOf(workers, (worker) => inboxWorkerState(worker, known), 'a worker of the inbox');
  const fix =
    'Set DEFAULT_WORKER in .env to exact identities of npx frontline inbox list, and run npx frontline setup; npx frontline inbox invite adds a worker';
  return planFaults(workers, faults, fix);
}

/** `active` or `removed`; null if the inbox has no worker with exactly this identity. */
export function inboxWorkerState(identity: string, known: readonly InboxWorker[]): string | null {
  const workers = known.filter((worker) => worker.identity === identity);
  if (workers.length === 0) return null;
  return workers.some(({ isActive }) => isActive) ? 'active' : 'removed';
}

const NOT_SET: PlanPart = { upToDate: ['DEFAULT_WORKER is not set: owners of customers take turns'] };

function faultsOf(
  workers: readonly string[],
  stateOf: (worker: string) => string | null,
  kind: string,
): readonly string[] {
  return workers.flatMap((worker) => {
    const state = stateOf(worker);
    if (state === null) return [`${worker} is not ${kind}`];
    return state === 'active' ? [] : [`${worker} is ${state}`];
  });
}

function planFaults(workers: readonly string[], faults: readonly string[], fix: string): PlanPart {
  return faults.length === 0
    ? { upToDate: [`${workers.join(', ')} can take conversations`] }
    : { manualSteps: [{ what: faults.join('; '), fix }] };
}
