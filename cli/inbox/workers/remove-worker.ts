import { setTimeout as delay } from 'node:timers/promises';
import { printableLine } from '../../../lambdas/characters/visible-text';
import { isKnownError, type KnownError } from '../../../lambdas/errors';
import type { Approval } from '../../plan/apply';
import type { ConsoleOutput } from '../../terminal/console-output';
import { counted } from '../../terminal/counted';
import type { DeployedInbox } from '../deployed-inbox';
import { type FoundWorker, findWorker } from './find-worker';

/** A removal, and how long to wait for its chats. */
export interface Removal {
  /** An e-mail address or an identity. */
  readonly worker: string;
  readonly inbox: Pick<DeployedInbox, 'users' | 'workers' | 'enqueue'>;
  /** The number of open chats that an identity is in. A known error does not stop the removal. */
  readonly countOpen: (identity: string) => Promise<number>;
  readonly screen: ConsoleOutput;
  readonly approval: Approval;
  readonly signal: AbortSignal;
  /** @default three minutes */
  readonly limitMs?: number;
  /** @default three seconds */
  readonly pollMs?: number;
}

const LIMIT_MS = 3 * 60_000;
const POLL_MS = 3_000;

/** A number of open chats; the error if the settings or Twilio do not let them be counted. */
type OpenChats = number | KnownError;

/**
 * Removes a worker from the team: first all access ends, which needs nothing but AWS; then the open chats go to
 * colleagues. Running it again completes a removal that was interrupted.
 * @returns the exit status: 1 if nothing was removed, or chats remain or could not be counted
 * @throws {UserError} for an unknown worker
 */
export async function removeWorker(removal: Removal): Promise<number> {
  const { inbox, screen, approval, worker } = removal;
  const found = await findWorker(inbox, worker);
  const identities = [...new Set(found.records.map(({ identity }) => identity))];
  const open = await countAll(identities, removal);
  if (isRemoved(found) && open === 0) {
    // Without asking: it completes an earlier attempt, which was confirmed and may have ended before its last step.
    if (approval.kind !== 'dry-run') await endAccess(found, inbox);
    screen.pass(`${nameOf(found)} is removed already, and has no open chat`);
    return 0;
  }
  screen.heading(`Remove ${nameOf(found)} from the team`);
  screen.plan('End all access at once, on every device');
  if (open !== 0) screen.plan(`Give ${describe(open)} to colleagues`);
  const hasColleague = await warnIfLast(identities, removal);
  if (approval.kind === 'dry-run') return 0;
  if (approval.kind === 'asked' && !(await approval.prompts.confirm('Remove this worker?'))) return 1;
  await endAccess(found, inbox);
  screen.pass('Access has ended');
  const left = hasColleague ? await waitForChats(identities, open, removal) : open;
  if (left === 0) {
    screen.pass('No open chat is left');
    return 0;
  }
  explainLeft(left, hasColleague, screen);
  return 1;
}

function describe(open: OpenChats): string {
  return typeof open === 'number' ? counted(open, 'open chat') : 'an unknown number of open chats';
}

function nameOf({ user, records }: FoundWorker): string {
  return printableLine(records[0]?.name ?? user?.email ?? '');
}

function isRemoved({ user, records }: FoundWorker): boolean {
  return !user?.isEnabled && records.every(({ isActive }) => !isActive);
}

/** @returns whether a colleague is in the team */
async function warnIfLast(identities: readonly string[], { inbox, screen }: Removal): Promise<boolean> {
  const others = (await inbox.workers.list()).filter(
    ({ identity, isActive }) => isActive && !identities.includes(identity),
  );
  if (others.length > 0) return true;
  screen.limited(
    'No other worker is in the team, so open chats wait until there is one',
    'npx frontline inbox invite <email> adds one; do that first',
  );
  return false;
}

/**
 * Ends all access. The record first: every request and event reads it, while a token is valid for up to 15 minutes. The
 * event closes the open connections, and passes the chats on.
 */
async function endAccess(found: FoundWorker, { workers, users, enqueue }: Removal['inbox']): Promise<void> {
  for (const { subject } of found.records) await workers.setActive(subject, false);
  if (found.user !== null) await users.disable(found.user.email);
  for (const { subject, identity } of latestOfEach(found)) {
    await enqueue({ kind: 'worker-removed', subject, identity, page: null });
  }
}

/** One record of each identity. */
function latestOfEach({ records }: FoundWorker): FoundWorker['records'] {
  return [...new Map(records.map((record) => [record.identity, record])).values()];
}

/** Waits until the chats are passed on, or the limit is reached. @returns how many are left */
async function waitForChats(
  identities: readonly string[],
  open: OpenChats,
  removal: Removal,
): Promise<OpenChats> {
  const { screen, signal, limitMs = LIMIT_MS, pollMs = POLL_MS } = removal;
  if (typeof open !== 'number' || open === 0) return open;
  return screen.working('Giving the chats to colleagues', async (onProgress) => {
    const until = Date.now() + limitMs;
    let left: OpenChats = open;
    while (Date.now() < until) {
      await delay(pollMs, undefined, { signal });
      left = await countAll(identities, removal);
      if (left === 0) break;
      onProgress(`${describe(left)} left`);
    }
    return left;
  });
}

async function countAll(identities: readonly string[], { countOpen }: Removal): Promise<OpenChats> {
  try {
    let open = 0;
    for (const identity of identities) open += await countOpen(identity);
    return open;
  } catch (error) {
    if (isKnownError(error)) return error;
    throw error;
  }
}

function explainLeft(left: OpenChats, hasColleague: boolean, screen: ConsoleOutput): void {
  if (typeof left !== 'number') {
    screen.fail(
      `The open chats could not be counted: ${left.message}`,
      (hasColleague
        ? 'The inbox gives them to colleagues all the same. '
        : 'They wait until another worker is in the team. ') +
        'Fix this and run the command again: it shows how many are left',
    );
    return;
  }
  screen.fail(
    hasColleague
      ? `${describe(left)} could not be given to a colleague yet`
      : `${describe(left)} cannot be given to a colleague, because the team has none`,
    'The inbox tries again every five minutes, and the alarm chat-without-worker reports chats that stay. ' +
      'Running this command again shows how many are left; npx frontline logs shows why',
  );
}
