import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Command } from '../start/child-process';

const WITHOUT_AWS = { AWS_EC2_METADATA_DISABLED: 'true' };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-doctor-'));
});
afterEach(() => rm(directory, { recursive: true }));

const doctor = (...words: readonly string[]) =>
  new Command('doctor', words, { directory, environment: WITHOUT_AWS }).ended;

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
