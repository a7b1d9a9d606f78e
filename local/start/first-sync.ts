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

/** How the first reading of the base went. */
export interface FirstSync {
  /** Null where it succeeded. */
  readonly problem: string | null;
  readonly log: string;
}

/** Reads the base, if that is due, and waits for it. Then it runs `sync` by schedule, quietly where nothing happens. */
export async function startSync(
  service: RunningService,
  pauseMilliseconds: number,
  functionLog: FunctionLog,
  running: Running,
): Promise<FirstSync> {
  const run = () => functionLog.hold(() => service.sync({ run: 'schedule' }));
  const first = await run();
  running.add(
    startSchedule(pauseMilliseconds, async () => {
      const { result, text } = await run();
      if (!isQuiet(result, text)) process.stdout.write(text);
    }),
  );
  return { problem: problemOf(first.result), log: first.text };
}

function problemOf(result: InvocationResult): string | null {
  if (result.kind === 'returned') return null;
  if (result.kind === 'timed-out') return 'it took too long';
  return result.error instanceof Error ? result.error.message : String(result.error);
}
