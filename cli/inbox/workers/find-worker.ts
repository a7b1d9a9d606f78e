import type { WorkerRecord } from '../../../lambdas/inbox/store/worker-store';
import { UserError } from '../../../lib/user-error';
import type { DeployedInbox } from '../deployed-inbox';
import type { PoolUser } from './user-pool';

/**
 * Whether two e-mail addresses or identities are the same but for case, as the user pool compares them, and but for how
 * Unicode composes their letters, which no one sees.
 */
export function isSame(one: string, other: string): boolean {
  return folded(one) === folded(other);
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** A person of the team: the user who signs in, and the records of the table. Either may be missing. */
export interface FoundWorker {
  readonly user: PoolUser | null;
  readonly records: readonly WorkerRecord[];
}

/**
 * Finds a worker by e-mail address or identity, in any case.
 * @throws {UserError} for one who is not in the team, naming those who may be meant
 */
export async function findWorker(
  { users, workers }: Pick<DeployedInbox, 'users' | 'workers'>,
  text: string,
): Promise<FoundWorker> {
  const all = await workers.list();
  const named = all.filter(({ identity }) => isSame(identity, text));
  const [first] = named;
  const user = (await users.find(text)) ?? (first === undefined ? null : await users.find(first.subject));
  const own = all.find(({ subject }) => subject === user?.subject);
  // The same identity under an older subject is the same person: the table outlives the pool.
  const identity = own?.identity ?? first?.identity;
  const records = all.filter((record) => record === own || record.identity === identity);
  if (user === null && records.length === 0) throw await unknownWorker(text, users, all);
  return { user, records };
}

async function unknownWorker(
  text: string,
  users: DeployedInbox['users'],
  records: readonly WorkerRecord[],
): Promise<UserError> {
  const known = [
    ...(await users.list()).map(({ email }) => email),
    ...records.map(({ identity }) => identity),
  ];
  const near = [...new Set(known)].filter((each) => isNear(each, text)).sort();
  const hint =
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'npx frontline inbox list shows the team';
  return new UserError(`${text} is not in the team. ${hint}`);
}

/** A tenth of an address may be mistyped, or everything after the @. */
function isNear(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  const [first = ''] = a.split('@');
  const [second = ''] = b.split('@');
  return first === second || editDistance(a, b) <= Math.max(2, b.length / 10);
}

/** How many characters have to be added, removed or replaced. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, character] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, wanted] of [...other].entries()) {
      const replaced = (row[j] ?? 0) + (character === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
