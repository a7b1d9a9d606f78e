import { printableJson } from '../../lambdas/characters/visible-text';
import { AwsSetupError } from '../aws/aws-setup-error';
import { noStack } from '../aws/cached-lookups';
import { readStack } from '../aws/deployed-stack';
import type { ConsoleOutput } from '../terminal/console-output';
import { cloudLog } from './cloud-log';
import { describeEvent, localTime, type Styled } from './describe-event';
import { localLog } from './local-log';
import { functionLogFile } from './log-file';
import { describeFilter, isWanted, type LogFilter } from './log-filter';
import { readLogLine } from './log-line';
import type { LogEvent, LogSource } from './log-source';
import { readOn } from './read-on';

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
export interface Showing {
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
  { directory, screen, width, signal }: Showing,
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
    const stack = await readStack();
    if (stack === null) throw noStack();
    return cloudLog(stack, filter);
  } catch (error) {
    if (!(error instanceof AwsSetupError)) throw error;
    throw new AwsSetupError(
      error.message,
      `${error.fix}; for the log of npm start: npm run logs -- --local`,
      error,
    );
  }
}

/** A line of other origin as JSON. */
function asJson({ at, callback, text }: LogEvent): string {
  return JSON.stringify({ timestamp: new Date(at).toISOString(), callback, text });
}
