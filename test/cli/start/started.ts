import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import * as v from 'valibot';
import { DEMO_CREDENTIALS } from '../../../emulators/seed/demo-credentials';
import { Command } from './child-process';

let directory = '';
const commands: Command[] = [];
const closing: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-'));
});
afterEach(async () => {
  await Promise.all(commands.splice(0).map((command) => command.kill()));
  await Promise.all(closing.splice(0).map((part) => part.close()));
  await rm(directory, { recursive: true });
});

/** The project's root for one test. */
export const projectDirectory = () => directory;

export function closedAfterTest<T extends { close(): Promise<void> }>(part: T): T {
  closing.push(part);
  return part;
}

export function run(
  script: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  inShell = false,
): Command {
  const command = new Command(script, words, {
    directory,
    environment: { PORT: '0', ...environment },
    inShell,
  });
  commands.push(command);
  return command;
}

export const start = (words: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) =>
  run('start', words, environment);

/** The service's URL, once it is ready. */
export async function addressOf(started: Command): Promise<string> {
  const [, url = ''] = await started.message(/(http:\/\/localhost:\d+)\/callbacks\/crm/);
  await started.message(/To try next/);
  return url;
}

export async function callback(url: string, ...words: readonly string[]) {
  const { status, stdout } = await run('callback', [...words, '--url', url]).ended;
  return { status, stdout };
}

export async function stop(started: Command, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  started.signal(signal);
  const { status, stderr } = await started.ended;
  expect(stderr).toBe('');
  expect(status).toBe(0);
}

const Page = v.object({
  objects: v.object({
    customers: v.array(v.object({ customer_id: v.string(), display_name: v.string() })),
    next_page_token: v.optional(v.string()),
  }),
});

/** Requests a page of a worker's customers without a new process, so that it can be called often. */
export async function askForPage(
  url: string,
  parameters: Readonly<Record<string, string>> = {},
  authToken: string = DEMO_CREDENTIALS.authToken,
) {
  const target = `${url}/callbacks/crm`;
  const form = { Location: 'GetCustomersList', Worker: 'ana@example.com', PageSize: '10', ...parameters };
  const signature = getExpectedTwilioSignature(authToken, target, form);
  const response = await fetch(target, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(form),
  });
  return v.parse(Page, await response.json()).objects;
}
