import { setTimeout as delay } from 'node:timers/promises';
import type { SyncState } from '../../lambdas/replica/replica-store';
import type { InvocationResult } from '../lambda/invocation';
import type { FunctionLog } from './function-log';
import { isQuiet } from './quiet-log';
import type { Running } from './running';
import { startSchedule } from './schedule';
import type { RunningService } from './service';

/** What `npm start` shows. */
export interface Started {
  readonly screen: string;
  /** What the functions logged before the screen. */
  readonly log: string;
}

/** How the first run of sync went. */
export interface FirstSync {
  /** The last complete reading of the base, which lists are served from; null where there is none yet. */
  readonly lastPass: SyncState['lastPass'];
  /** Why the run failed; null where it succeeded. */
  readonly problem: string | null;
  readonly log: string;
}

const LEASE_LOOK_MS = 2_000;

/**
 * Brings the replica up to date and waits for it. Then it runs `sync` by schedule, quietly where nothing happens.
 */
export async function startSync(
  service: RunningService,
  pauseMilliseconds: number,
  functionLog: FunctionLog,
  running: Running,
): Promise<FirstSync> {
  const run = () => functionLog.hold(() => service.sync({ run: 'schedule' }));
  const first = await firstSync(service, run);
  running.add(
    startSchedule(pauseMilliseconds, async () => {
      const { result, text } = await run();
      if (!isQuiet(result, text)) process.stdout.write(text);
    }),
  );
  return first;
}

async function firstSync(
  { readState }: RunningService,
  run: () => Promise<{ readonly result: InvocationResult; readonly text: string }>,
): Promise<FirstSync> {
  const startedAt = Date.now();
  let log = '';
  for (;;) {
    const { result, text } = await run();
    log += text;
    const { lastPass, lastFailure } = await readState();
    const failure = lastFailure !== null && lastFailure.at >= startedAt ? lastFailure.message : null;
    const problem = failure ?? problemOf(result);
    if (lastPass !== null || problem !== null) return { lastPass, problem, log };
    // A start that was killed during its first pass still holds the lease, for a minute at most.
    await delay(LEASE_LOOK_MS);
  }
}

function problemOf(result: InvocationResult): string | null {
  if (result.kind === 'returned') return null;
  if (result.kind === 'timed-out') return 'it took too long';
  return result.error instanceof Error ? result.error.message : String(result.error);
}
