import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { STACK_NAME } from '../../lib/stack-names';
import { AwsSetupError, callAws, clientOptions } from '../aws/aws-errors';
import { type DeployedStack, type FunctionName, isCallback } from '../aws/deployed-stack';
import { cloudWatchPattern, isWanted, type LogFilter } from './log-filter';
import { type LogEvent, type LogSource, readLogLine } from './log-line';

/** Most events reach CloudWatch within seconds. */
const LATE_BY_MS = 60_000;

/**
 * The logs of the deployed functions, in CloudWatch.
 * @throws {AwsSetupError} if the stack has no logs
 */
export async function cloudLog(stack: DeployedStack, filter: LogFilter): Promise<LogSource> {
  const groups = [...stack.logGroups].filter(([name]) =>
    filter.callback === undefined ? isCallback(name) : name === filter.callback,
  );
  if (groups.length === 0) {
    throw new AwsSetupError(
      `The stack ${STACK_NAME}, in state ${stack.status}, has no function logs`,
      'npx frontline setup deploys it',
    );
  }
  const client = new CloudWatchLogsClient(clientOptions());
  const filterPattern = cloudWatchPattern(filter);
  const region = await callAws('logs:FilterLogEvents', () => client.config.region());
  return {
    place: `the log ${groups.length === 1 ? 'group' : 'groups'} of the stack ${STACK_NAME} in ${region}`,
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
