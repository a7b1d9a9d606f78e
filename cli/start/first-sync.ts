import { setTimeout as delay } from 'node:timers/promises';
import type { InvocationResult } from '../../emulators/lambda/invocation';
import type { SyncState } from '../../lambdas/replica/replica-store';
import { isQuiet } from './function-log';
import type { RunningService } from './service';
import type { StartContext } from './start-context';

/** The result of the first run of sync. */
export interface FirstSync {
  /** The last complete pass, which lists are served from. */
  readonly lastPass: SyncState['lastPass'];
  /** The reason why the run failed; null if it succeeded. */
  readonly problem: string | null;
  /** The reason why the base has no webhook; null if it has one. */
  readonly webhookProblem: string | null;
  readonly log: string;
}

const LEASE_POLL_MS = 1_000;
const PROGRESS_MS = 5_000;

/**
 * Brings the replica up to date and waits for it. Then runs `sync` by schedule, without log output if nothing changes.
 */
export async function startSync(
  service: RunningService,
  pauseMilliseconds: number,
  { log, running }: Pick<StartContext, 'log' | 'running'>,
): Promise<FirstSync> {
  const run = () => log.hold(() => service.sync({ run: 'schedule' }));
  const progress = startSchedule(PROGRESS_MS, () => showProgress(service, log));
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
    // An earlier callback found no replica and started the first pass.
    await delay(LEASE_POLL_MS);
  }
}

/** Shows progress for a large base: one page takes a quarter of a second. */
async function showProgress({ readState }: RunningService, { screen }: StartContext['log']): Promise<void> {
  const { passProgress } = await readState();
  if (passProgress !== null) screen.line(`  ${passProgress.customers} customers read`);
}

function problemOf(result: InvocationResult): string | null {
  if (result.kind === 'returned') return null;
  if (result.kind === 'timed-out') return 'sync timed out';
  return result.error instanceof Error ? result.error.message : String(result.error);
}

/** A repeating task. */
export interface Schedule {
  /** Ends the schedule without waiting for a current run. */
  close(): Promise<void>;
}

/** Runs the task after each pause, so that no two runs overlap. The task handles its own errors. */
export function startSchedule(pauseMilliseconds: number, task: () => Promise<void>): Schedule {
  const ending = new AbortController();
  const { signal } = ending;
  const repeat = async () => {
    while (!signal.aborted) {
      await delay(pauseMilliseconds, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await task();
    }
  };
  void repeat();
  return { close: async () => ending.abort() };
}
