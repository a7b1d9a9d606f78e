import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import * as v from 'valibot';
import { DEMO_CREDENTIALS } from '../../../emulators/seed/demo-credentials';
import { Command } from './child-process';

/** A folder in which commands run, and what is to be closed with it. */
export class ProjectFolder {
  readonly #closing: { close(): Promise<void> }[] = [];

  private constructor(readonly path: string) {}

  static async create(): Promise<ProjectFolder> {
    return new ProjectFolder(await mkdtemp(join(tmpdir(), 'frontline-')));
  }

  /** Closes it with the folder. */
  add<T extends { close(): Promise<void> }>(part: T): T {
    this.#closing.push(part);
    return part;
  }

  run(
    name: string,
    words: readonly string[] = [],
    environment: NodeJS.ProcessEnv = {},
    inShell = false,
  ): Command {
    const options = { directory: this.path, environment: { PORT: '0', ...environment }, inShell };
    const command = new Command(name, words, options);
    this.add({ close: () => command.kill() });
    return command;
  }

  /** Runs `start`, and waits until it is ready. */
  async start(words: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
    const started = this.run('start', words, environment);
    return { started, url: await addressOf(started) };
  }

  async remove(): Promise<void> {
    for (const part of this.#closing.splice(0).reverse()) await part.close();
    await rm(this.path, { recursive: true });
  }
}

/** The service's URL, once it is ready. */
export async function addressOf(started: Command): Promise<string> {
  const [, url = ''] = await started.message(/(http:\/\/localhost:\d+)\/callbacks\/crm/);
  await started.message(/To try next/);
  return url;
}

export async function stop(started: Command, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  started.signal(signal);
  const { status, stderr } = await started.ended;
  expect([status, stderr]).toEqual([0, '']);
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
