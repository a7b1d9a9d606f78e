import { setTimeout as delay } from 'node:timers/promises';
import type { InvocationResult } from '../../emulators/lambda/invocation';
import type { SyncState } from '../../lambdas/replica/replica-store';
import type { Closables } from './closables';
import { isQuiet } from './quiet-log';
import { startSchedule } from './schedule';
import type { RunningService } from './service';
import type { FunctionLog } from './tee-output';

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
  /** Why the base has no webhook; null where it has one. */
  readonly webhookProblem: string | null;
  readonly log: string;
}

const LEASE_LOOK_MS = 1_000;
const PROGRESS_MS = 5_000;

/**
 * Brings the replica up to date and waits for it. Then it runs `sync` by schedule, quietly where nothing happens.
 */
export async function startSync(
  service: RunningService,
  pauseMilliseconds: number,
  functionLog: FunctionLog,
  running: Closables,
): Promise<FirstSync> {
  const run = () => functionLog.hold(() => service.sync({ run: 'schedule' }));
  const progress = startSchedule(PROGRESS_MS, () => showProgress(service));
  const first = await firstSync(service, run);
  await progress.close();
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
    if (!isQuiet(result, text)) log += text;
    const { lastPass, lastFailure, webhookProblem } = await readState();
    const failure = lastFailure !== null && lastFailure.at >= startedAt ? lastFailure.message : null;
    const problem = failure ?? problemOf(result);
    if (lastPass !== null || problem !== null) return { lastPass, problem, webhookProblem, log };
    // A callback that came before found no replica and started the first pass.
    await delay(LEASE_LOOK_MS);
  }
}

/** Of a large base: one page takes a quarter of a second. */
async function showProgress({ readState }: RunningService): Promise<void> {
  const { passProgress } = await readState();
  if (passProgress !== null) console.log(`  ${passProgress.customers} customers read`);
}

function problemOf(result: InvocationResult): string | null {
  if (result.kind === 'returned') return null;
  if (result.kind === 'timed-out') return 'it took too long';
  return result.error instanceof Error ? result.error.message : String(result.error);
}
