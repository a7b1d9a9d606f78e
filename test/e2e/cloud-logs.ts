import * as v from 'valibot';
import type { MiniStack } from './ministack';

const LogGroups = v.object({ logGroups: v.array(v.object({ logGroupName: v.string() })) });
const LogEvents = v.object({ events: v.array(v.object({ message: v.string() })) });

/** The contents of each log group of the stack, by the group's name. */
export async function logsByGroup(cloud: MiniStack): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const group of await ownLogGroups(cloud)) {
    const { events } = v.parse(LogEvents, await ask(cloud, 'FilterLogEvents', { logGroupName: group }));
    texts.set(group, events.map(({ message }) => message).join('\n'));
  }
  return texts;
}

/** Everything that the functions of the stack logged. */
export async function allLogs(cloud: MiniStack): Promise<string> {
  return [...(await logsByGroup(cloud)).values()].join('\n');
}

/** The names of the stack's log groups. */
export async function ownLogGroups(cloud: MiniStack): Promise<string[]> {
  const { logGroups } = v.parse(LogGroups, await ask(cloud, 'DescribeLogGroups', {}));
  return logGroups
    .map(({ logGroupName }) => logGroupName)
    .filter((name) => name.includes('FrontlineAirtable'));
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
