import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { DeployedStack } from '../../../cli/aws/deployed-stack';
import { cloudLog } from '../../../cli/logs/cloud-log';
import type { LogFilter } from '../../../cli/logs/log-filter';
import { type Listening, startHttpServer } from '../../../emulators/core/http-server';
import type { FunctionName } from '../../../lib/function-names';
import { INBOX_STACK_NAME, STACK_NAME } from '../../../lib/stack-names';
import { aStack } from '../aws/a-stack';

const before = { ...process.env };
const asked: string[] = [];
let cloudWatch: Listening;

beforeEach(async () => {
  asked.length = 0;
  cloudWatch = await startHttpServer({
    maxBodyBytes: 10_000,
    respond: async (_, body) => {
      const { logGroupName } = v.parse(v.object({ logGroupName: v.string() }), JSON.parse(body.toString()));
      asked.push(logGroupName);
      const message = JSON.stringify({
        callback: logGroupName.replace('logs-of-', ''),
        status: 200,
        milliseconds: 1,
        timestamp: new Date(asked.length).toISOString(),
      });
      const events = [{ eventId: logGroupName, timestamp: asked.length, message }];
      const headers = { 'content-type': 'application/x-amz-json-1.1' };
      return { status: 200, headers, body: JSON.stringify({ events }) };
    },
    respondToError: () => ({ status: 400 }),
  });
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: cloudWatch.url,
  });
});
afterEach(async () => {
  await cloudWatch.close();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

const stackNamed = (name: string, functions: readonly FunctionName[]) =>
  aStack({ name, logGroups: new Map(functions.map((each) => [each, `logs-of-${each}`])) });

const SERVICE = stackNamed(STACK_NAME, ['crm', 'sync']);
const INBOX = stackNamed(INBOX_STACK_NAME, ['inbox-api', 'inbox-events']);

async function read(stacks: readonly DeployedStack[], filter: LogFilter = {}) {
  const log = await cloudLog(stacks, filter);
  return { place: log.place, events: await log.read(0, new AbortController().signal) };
}

describe('the logs of the deployed functions', () => {
  test('are those of the callbacks and of the inbox, without those of sync', async () => {
    const { place, events } = await read([SERVICE, INBOX]);

    expect(events.map(({ callback }) => callback)).toEqual(['crm', 'inbox-api', 'inbox-events']);
    expect(place).toBe(
      'the log groups of the stacks FrontlineAirtable and FrontlineAirtableInbox in eu-west-1',
    );
  });

  test('without an inbox are those of the callbacks', async () => {
    const { place } = await read([SERVICE]);

    expect([asked, place]).toEqual([
      ['logs-of-crm'],
      'the log group of the stack FrontlineAirtable in eu-west-1',
    ]);
  });

  test('of one function are read alone', async () => {
    await read([SERVICE, INBOX], { callback: 'inbox-api' });

    expect(asked).toEqual(['logs-of-inbox-api']);
  });

  test('of an inbox that is not deployed are missing, and the error names the command that deploys it', async () => {
    await expect(read([SERVICE], { callback: 'inbox-live' })).rejects.toThrow(
      /^No stack FrontlineAirtableInbox in this account and region: npx frontline setup --inbox deploys it/,
    );
  });

  test('of a stack without functions are missing, and the error names its state', async () => {
    const stack = { ...stackNamed(STACK_NAME, []), status: 'ROLLBACK_COMPLETE' };

    await expect(read([stack])).rejects.toThrow(
      'No function has a log in the stack FrontlineAirtable, in state ROLLBACK_COMPLETE: npx frontline setup',
    );
  });
});
