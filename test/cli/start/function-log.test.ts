import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { functionLogFile } from '../../../cli/start/tee-output';
import { Command } from './child-process';

// Every test starts processes, which takes its time on a busy machine.
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

/** Starts the service. @returns where a request, which nobody signed, is refused and leaves a line in the log */
async function start(): Promise<{ readonly running: Command; readonly url: string }> {
  const running = new Command('start.ts', [], { directory, environment: { PORT: '0' } });
  started = running;
  const [, url = ''] = await running.says(/(http:\/\/localhost:\d+\/callbacks\/crm)/);
  await running.says(/To try next/);
  return { running, url };
}

const REFUSAL = /^\{"level":"WARN".*\}$/m;

test('npm start keeps what the functions log in a file, which a kill does not shorten', async () => {
  const { running, url } = await start();

  await fetch(url, { method: 'POST' });
  const [line] = await running.says(REFUSAL);
  await running.kill();

  const lines = (await readFile(functionLogFile(directory), 'utf8')).split('\n');
  expect(lines).toEqual([expect.stringContaining('"kind":"pass"'), line, '']);
});

test('npm start begins the file anew, so that it does not grow for ever', async () => {
  await mkdir(dirname(functionLogFile(directory)));
  await writeFile(functionLogFile(directory), 'of yesterday\n');

  const { running, url } = await start();
  await fetch(url, { method: 'POST' });
  await running.says(REFUSAL);

  expect(await readFile(functionLogFile(directory), 'utf8')).toMatch(/^\{.*"kind":"pass"/);
});

test('npm start goes on where the file cannot be written, and says so', async () => {
  await mkdir(functionLogFile(directory), { recursive: true });

  const { running, url } = await start();
  const { status } = await fetch(url, { method: 'POST' });
  await running.says(REFUSAL);
  const [complaint] = await running.says(/The log cannot be kept in .*/);

  expect(status).toBe(403);
  expect(complaint).toContain(functionLogFile(directory));
});
