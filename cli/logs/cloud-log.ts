import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { type FunctionName, isCallback, isInboxFunction } from '../../lib/function-names';
import { INBOX_STACK_NAME } from '../../lib/stack-names';
import { AwsSetupError, callAws, clientOptions } from '../aws/aws-errors';
import type { DeployedStack } from '../aws/deployed-stack';
import { noStack } from '../aws/stack-errors';
import { cloudWatchPattern, isWanted, type LogFilter } from './log-filter';
import { type LogEvent, type LogSource, readLogLine } from './log-line';

/** Most events reach CloudWatch within seconds. */
const LATE_BY_MS = 60_000;

/**
 * The logs of the deployed functions, in CloudWatch.
 * @param stacks the deployed stacks of this project, at least one
 * @throws {AwsSetupError} if they have no such logs
 */
export async function cloudLog(stacks: readonly DeployedStack[], filter: LogFilter): Promise<LogSource> {
  const groups = stacks
    .flatMap(({ logGroups }) => [...logGroups])
    .filter(([name]) =>
      filter.callback === undefined ? isCallback(name) || isInboxFunction(name) : name === filter.callback,
    );
  if (groups.length === 0) throw noLogs(stacks, filter);
  const client = new CloudWatchLogsClient(clientOptions());
  const filterPattern = cloudWatchPattern(filter);
  const region = await callAws('logs:FilterLogEvents', () => client.config.region());
  return {
    place: `the log ${groups.length === 1 ? 'group' : 'groups'} of ${named(stacks)} in ${region}`,
    lateByMs: LATE_BY_MS,
    read: async (since, signal) => {
      const events: LogEvent[] = [];
      // One after the other: CloudWatch allows an account only a few of these calls a second.
      for (const [callback, logGroupName] of groups) {
        const request = { logGroupName, startTime: since, ...(filterPattern !== null && { filterPattern }) };
        for (const event of await readGroup(client, callback, request, filter, signal)) events.push(event);
      }
      return events.sort((one, other) => one.at - other.at);
    },
  };
}

function noLogs(stacks: readonly DeployedStack[], { callback }: LogFilter): AwsSetupError {
  const isInboxMissing = callback !== undefined && isInboxFunction(callback) && stacks.length === 1;
  if (isInboxMissing) return noStack(INBOX_STACK_NAME);
  const status = stacks.map((stack) => stack.status).join(', ');
  return new AwsSetupError(
    `No function has a log in ${named(stacks)}, in state ${status}`,
    'npx frontline setup deploys it',
  );
}

/** `the stack A`, `the stacks A and B`. */
function named(stacks: readonly DeployedStack[]): string {
  return `the ${stacks.length === 1 ? 'stack' : 'stacks'} ${stacks.map(({ name }) => name).join(' and ')}`;
}

function readGroup(
  client: CloudWatchLogsClient,
  callback: FunctionName,
  request: Parameters<typeof paginateFilterLogEvents>[1],
  filter: LogFilter,
  abortSignal: AbortSignal,
): Promise<readonly LogEvent[]> {
  return callAws('logs:FilterLogEvents', async () => {
    const found: LogEvent[] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client }, request, { abortSignal })) {
      for (const { eventId, logStreamName, timestamp = 0, message = '' } of events) {
        const id = eventId ?? `${logStreamName} ${timestamp} ${message}`;
        const event = { id, at: timestamp, callback, text: message.trimEnd() };
        // A busy week is too much to hold in memory, and most of it is bookkeeping.
        if (isWanted(filter, event, readLogLine(event.text))) found.push(event);
      }
    }
    return found;
  });
}
