import { deepEqual } from 'node:assert/strict';
import * as v from 'valibot';
import type { MiniStack } from './ministack';
import type { Report } from './report';

const LogGroups = v.object({
  logGroups: v.array(v.object({ logGroupName: v.string(), retentionInDays: v.optional(v.number()) })),
});
const LogEvents = v.object({ events: v.array(v.object({ message: v.string() })) });

/** The contents of each log group of the stack, by the group's name. */
export async function logsByGroup(cloud: MiniStack): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { name } of await logGroups(cloud)) {
    const { events } = v.parse(LogEvents, await ask(cloud, 'FilterLogEvents', { logGroupName: name }));
    texts.set(name, events.map(({ message }) => message).join('\n'));
  }
  return texts;
}

/** Everything that the functions of the stack logged. */
export async function allLogs(cloud: MiniStack): Promise<string> {
  return [...(await logsByGroup(cloud)).values()].join('\n');
}

interface LogGroup {
  readonly name: string;
  /** Whether the stack made it, with a retention. Lambda makes one without, for a function that has none. */
  readonly isOfStack: boolean;
}

/** The log groups of the service. */
async function logGroups(cloud: MiniStack): Promise<readonly LogGroup[]> {
  const found = v.parse(LogGroups, await ask(cloud, 'DescribeLogGroups', {}));
  return found.logGroups
    .map(({ logGroupName, retentionInDays }) => ({
      name: logGroupName,
      isOfStack: retentionInDays !== undefined,
    }))
    .filter(({ name }) => name.includes('FrontlineAirtable'));
}

/**
 * The names of the log groups that the stacks made. What was under way when its group was deleted writes its log
 * afterwards, to a group that Lambda makes for it.
 */
export async function stackLogGroups(cloud: MiniStack): Promise<readonly string[]> {
  return (await logGroups(cloud)).filter(({ isOfStack }) => isOfStack).map(({ name }) => name);
}

/** Every function logs to a group that its stack deletes. */
export async function checkLogGroups(report: Report, cloud: MiniStack): Promise<void> {
  await report.check('every log group is one that its stack made, with an end of what it keeps', async () => {
    const others = (await logGroups(cloud)).filter(({ isOfStack }) => !isOfStack);
    deepEqual(
      others.map(({ name }) => name),
      [],
    );
  });
}

async function ask(cloud: MiniStack, action: string, input: object): Promise<unknown> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `Logs_20140328.${action}`,
  };
  return JSON.parse(
    await cloud.request('logs', '/', { method: 'POST', headers, body: JSON.stringify(input) }),
  );
}
