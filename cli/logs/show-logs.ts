import { setTimeout as pause } from 'node:timers/promises';
import { printableJson } from '../../lambdas/characters/visible-text';
import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';
import { AwsSetupError } from '../aws/aws-errors';
import { readStack } from '../aws/deployed-stack';
import { noStack } from '../aws/stack-errors';
import type { ConsoleOutput } from '../terminal/console-output';
import { cloudLog } from './cloud-log';
import { describeEvent, localTime, type Styled } from './describe-event';
import { functionLogFile, localLog } from './local-log';
import { describeFilter, isWanted, type LogFilter } from './log-filter';
import { type LogEvent, type LogSource, readLogLine } from './log-line';

/** Which log events are shown, and how. */
export interface LogsOptions extends LogFilter {
  /** How many milliseconds back. */
  readonly since: number;
  readonly follow?: boolean;
  /** Whether the log of `npm start` is read, in place of the deployed functions'. */
  readonly local?: boolean;
  readonly json?: boolean;
}

/** Where logs are shown, and how long. */
export interface LogTarget {
  /** The project's folder. */
  readonly directory: string;
  readonly screen: ConsoleOutput;
  /** The screen's width in characters; infinite if it is not a terminal. */
  readonly width: number;
  readonly signal: AbortSignal;
}

/**
 * Prints the functions' log events that match the filter; if none match, prints the filter and the source.
 * @throws {KnownError} if there is no log to read
 */
export async function showLogs(
  { since: backMs, follow = false, local, json, ...filter }: LogsOptions,
  { directory, screen, width, signal }: LogTarget,
): Promise<void> {
  const source = local ? localLog(functionLogFile(directory)) : await openCloudLog(filter);
  const since = Math.max(0, Date.now() - backMs);
  const styled: Styled = (style, text) => screen.styled(style, text);
  let isEmpty = true;
  for await (const events of readOn(source, { since, follow, signal })) {
    for (const event of events) {
      const line = readLogLine(event.text);
      if (!isWanted(filter, event, line)) continue;
      isEmpty = false;
      if (json) screen.line(printableJson(line.kind === 'response' ? event.text : asJson(event)));
      else screen.line(describeEvent(event, line, { styled, width }));
    }
  }
  if (isEmpty && !json) {
    screen.line(`Found ${describeFilter(filter)} since ${localTime(since)} in ${source.place}`);
  }
}

async function openCloudLog(filter: LogFilter): Promise<LogSource> {
  try {
    const stack = await readStack(STACK_NAME);
    if (stack === null) throw noStack();
    const inbox = await readStack(INBOX_STACK_NAME);
    return await cloudLog(inbox === null ? [stack] : [stack, inbox], filter);
  } catch (error) {
    if (!(error instanceof AwsSetupError)) throw error;
    throw new AwsSetupError(
      error.problem,
      `${error.fix}; for the log of npm start: npx frontline logs --local`,
      error,
    );
  }
}

/** A line of other origin as JSON. */
function asJson({ at, callback, text }: LogEvent): string {
  return JSON.stringify({ timestamp: new Date(at).toISOString(), callback, text });
}

const POLL_MS = 2_000;
/** AWS rejects a request if the caller's clock is further from its own. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Reads a log from a time on, once or until the signal. Each event is returned once. Late events are included, unless
 * they are later than the source allows.
 */
export async function* readOn(
  source: LogSource,
  {
    since,
    follow,
    signal,
    pollMs = POLL_MS,
    now = Date.now,
  }: {
    readonly since: number;
    readonly follow: boolean;
    readonly signal: AbortSignal;
    readonly pollMs?: number;
    readonly now?: () => number;
  },
): AsyncGenerator<readonly LogEvent[]> {
  const seen = new Map<string, number>();
  let newest = since;
  let from = since;
  try {
    for (;;) {
      const readAt = now();
      const events = await source.read(from, signal);
      const fresh = events.filter(({ id }) => !seen.has(id));
      for (const { id, at } of fresh) seen.set(id, at);
      yield fresh;
      if (!follow) return;
      newest = fresh.reduce((latest, { at }) => Math.max(latest, at), newest);
      // Also by the clock: if few events match, each read would otherwise cover the whole period again.
      from = Math.max(since, newest - source.lateByMs, readAt - CLOCK_SKEW_MS - source.lateByMs);
      for (const [id, at] of seen) if (at < from) seen.delete(id);
      await pause(pollMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
