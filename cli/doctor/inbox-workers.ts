import type { DeployedInbox } from '../inbox/deployed-inbox';
import { counted } from '../terminal/counted';
import { type CheckResult, failed, passed } from './health-check';

/** The command that lets a first worker in. */
export const INVITE = 'npx frontline inbox invite you@example.com';

const FIX =
  'npx frontline inbox invite with the e-mail address completes an invitation, npx frontline inbox remove completes a removal';

/** Who may sign in, and who the workers are. */
export interface InboxTeam {
  readonly users: Pick<DeployedInbox['users'], 'list'>;
  readonly workers: Pick<DeployedInbox['workers'], 'list'>;
}

/** Whether the people who may sign in are exactly the workers of the table. */
export async function workersResult({ users, workers }: InboxTeam): Promise<CheckResult> {
  const active = (await workers.list()).filter(({ isActive }) => isActive);
  const enabled = (await users.list()).filter(({ isEnabled }) => isEnabled);
  const subjects = new Set(enabled.map(({ subject }) => subject));
  const ofWorkers = new Set(active.map(({ subject }) => subject));
  const findings = [
    ...active
      .filter(({ subject }) => !subjects.has(subject))
      .map(({ identity }) => `${identity} is a worker, but has no user to sign in with`),
    ...enabled
      .filter(({ subject }) => !ofWorkers.has(subject))
      .map(({ email }) => `${email} can sign in, but is not a worker`),
  ].map((what) => ({ what, link: null }));
  if (findings.length > 0) {
    return failed('the people who may sign in are not the workers of the inbox', FIX, findings);
  }
  if (active.length === 0) {
    return { status: 'limited', message: 'no one can sign in yet', fix: INVITE };
  }
  return passed(`${counted(active.length, 'worker')}, each with a user`);
}
