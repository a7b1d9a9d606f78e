import { printableJson, printableLine } from '../../../lambdas/characters/visible-text';
import type { WorkerRecord } from '../../../lambdas/inbox/store/worker-store';
import type { ConsoleOutput } from '../../terminal/console-output';
import { counted } from '../../terminal/counted';
import type { DeployedInbox } from '../deployed-inbox';
import type { PoolUser } from './user-pool';

/** A person of the team, as the list shows it. */
interface ListedWorker {
  /** Null for a user without a record. */
  readonly identity: string | null;
  readonly name: string | null;
  /** Null for a record without a user. */
  readonly email: string | null;
  /** `incomplete`: an invitation or a removal was interrupted, and its command completes it. */
  readonly state: 'invited' | 'active' | 'removed' | 'incomplete';
  /** ISO 8601: of the invitation, or of the removal; null where Cognito has no user. */
  readonly since: string | null;
  /** As the inbox's index has them. */
  readonly openChats: number;
}

type ListSources = Pick<DeployedInbox, 'users' | 'workers' | 'chats'>;

/** All workers in the team or removed from it, by name. */
async function listWorkers({ users, workers, chats }: ListSources): Promise<readonly ListedWorker[]> {
  const [all, records] = await Promise.all([users.list(), workers.list()]);
  const withRecord = records.map((record) => ({
    record,
    user: all.find(({ subject }) => subject === record.subject) ?? null,
  }));
  const without = all.filter(({ subject }) => !records.some((record) => record.subject === subject));
  const listed: ListedWorker[] = [];
  for (const { record, user } of [...withRecord, ...without.map((user) => ({ record: null, user }))]) {
    listed.push({
      identity: record?.identity ?? null,
      name: record?.name ?? null,
      email: user?.email ?? null,
      state: stateOf(record, user),
      since: sinceOf(user),
      openChats: record === null ? 0 : await chats.countOpen(record.identity),
    });
  }
  return listed;
}

function stateOf(record: WorkerRecord | null, user: PoolUser | null): ListedWorker['state'] {
  const mayUse = record?.isActive ?? false;
  const maySignIn = user?.isEnabled ?? false;
  if (mayUse !== maySignIn) return 'incomplete';
  if (!mayUse) return 'removed';
  return user?.hasSignedIn ? 'active' : 'invited';
}

function sinceOf(user: PoolUser | null): string | null {
  const at = user?.isEnabled ? user.createdAt : user?.changedAt;
  return at?.toISOString() ?? null;
}

/** Prints the team as a table or as JSON. */
export async function showWorkers(
  sources: ListSources,
  screen: ConsoleOutput,
  format: 'table' | 'json',
): Promise<void> {
  const listed = await listWorkers(sources);
  if (format === 'json') {
    screen.line(printableJson(JSON.stringify(listed, null, 2)));
    return;
  }
  if (listed.length === 0) {
    screen.line('The team has no worker: npx frontline inbox invite <email> adds one.');
    return;
  }
  screen.table(listed.map(cellsOf));
  if (listed.some(({ state }) => state === 'incomplete')) {
    screen.line('\nRun inbox invite or inbox remove again for those who are incomplete.');
  }
}

function cellsOf({ identity, name, email, state, since, openChats }: ListedWorker): string[] {
  const chats = counted(openChats, 'open chat');
  const time = since === null ? '' : `since ${since.slice(0, 10)}`;
  const login = email === null ? 'no sign-in' : email === identity ? '' : email;
  return [identity ?? 'no record', name ?? '', login, state, time, chats].map((cell) => printableLine(cell));
}
