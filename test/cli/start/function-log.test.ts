import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { functionLogFile } from '../../../cli/start/tee-output';
import { Command } from './child-process';

// Every test starts processes, which is slow on a busy machine.
jest.setTimeout(60_000);

let directory: string;
let started: Command | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-'));
});
afterEach(async () => {
  await started?.kill();
  await rm(directory, { recursive: true });
});

/** Starts the service. @returns the URL where an unsigned request is rejected and logged */
async function start(): Promise<{ readonly running: Command; readonly url: string }> {
  const running = new Command('start', [], { directory, environment: { PORT: '0' } });
  started = running;
  const [, url = ''] = await running.message(/(http:\/\/localhost:\d+\/callbacks\/crm)/);
  await running.message(/To try next/);
  return { running, url };
}

const REFUSAL = /^\{"level":"WARN".*\}$/m;

test("npm start writes the functions' log to a file, which is complete even after a kill", async () => {
  const { running, url } = await start();

  await fetch(url, { method: 'POST' });
  const [line] = await running.message(REFUSAL);
  await running.kill();

  const lines = (await readFile(functionLogFile(directory), 'utf8')).split('\n');
  expect(lines).toEqual([expect.stringContaining('"kind":"pass"'), line, '']);
});

test('npm start truncates the file, so that it does not grow without limit', async () => {
  await mkdir(dirname(functionLogFile(directory)));
  await writeFile(functionLogFile(directory), 'of yesterday\n');

  const { running, url } = await start();
  await fetch(url, { method: 'POST' });
  await running.message(REFUSAL);

  expect(await readFile(functionLogFile(directory), 'utf8')).toMatch(/^\{.*"kind":"pass"/);
});

test('npm start continues if the file is not writable, and reports that', async () => {
  await mkdir(functionLogFile(directory), { recursive: true });

  const { running, url } = await start();
  const { status } = await fetch(url, { method: 'POST' });
  await running.message(REFUSAL);
  const [warning] = await running.message(/^The log cannot .*/m);

  expect(status).toBe(403);
  expect(warning).toContain(functionLogFile(directory));
});
