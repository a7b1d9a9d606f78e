import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Command } from '../start/child-process';

// Every test starts processes, which takes long on a busy machine.
jest.setTimeout(60_000);

const ROOT = resolve(import.meta.dirname, '../../..');
const WITHOUT_AWS = { AWS_EC2_METADATA_DISABLED: 'true' };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-doctor-'));
});
afterEach(() => rm(directory, { recursive: true }));

const doctor = (...words: readonly string[]) =>
  new Command('../cli/doctor.ts', words, { directory, environment: WITHOUT_AWS }).ended;

test('--json prints only JSON, even if required settings are missing', async () => {
  const { status, stdout, stderr } = await doctor('--json');

  expect([status, stderr]).toEqual([1, '']);
  const { ok, checks } = JSON.parse(stdout);
  expect(ok).toBe(false);
  expect(checks.filter(({ status }: { status: string }) => status === 'fail')).toMatchObject([
    { id: 'configuration', findings: expect.arrayContaining([{ what: expect.any(String), link: null }]) },
    { id: 'aws' },
  ]);
});

test('checks behind a failed one are skipped, and the exit status is 1', async () => {
  const { status, stdout } = await doctor();

  expect(status).toBe(1);
  expect(stdout.match(/^ {2}✗ /gm)).toHaveLength(2);
  expect(stdout).toMatch(/\n0 passed, 2 failed, \d+ skipped\n$/);
});

test('a closed pipe ends it without a message', async () => {
  const words = [
    process.execPath,
    join(ROOT, 'node_modules/tsx/dist/loader.mjs'),
    join(ROOT, 'cli/doctor.ts'),
  ];
  const script = '"$0" --import "$1" "$2" | head -n 1';

  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script, ...words], {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...WITHOUT_AWS },
  });

  expect(stdout).toMatch(/^ {2}✗ Configuration: .*\n$/);
  expect(stderr).toBe('');
});
