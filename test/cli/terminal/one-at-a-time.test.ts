import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { oneAtATime } from '../../../cli/terminal/process-lock';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'frontline-once-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const left = () => readdirSync(join(folder, '.frontline'));

test('a setup does its work, and leaves nothing that blocks the next one', async () => {
  expect(await oneAtATime(folder, async () => 'done')).toBe('done');
  expect(left()).toEqual([]);
});

test('a second one in the same folder is rejected while the first is running', async () => {
  await oneAtATime(folder, async () => {
    const second = oneAtATime(folder, async () => 'done');

    await expect(second).rejects.toThrow(`already running in this folder (process ${process.pid})`);
    expect(left()).toEqual(['setup.pid']);
  });

  expect(await oneAtATime(folder, async () => 'done')).toBe('done');
});

test('a failed one releases the lock', async () => {
  await expect(oneAtATime(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');

  expect(left()).toEqual([]);
});

test.each([
  ['at its work', () => String(spawnSync(process.execPath, ['--version']).pid)],
  ['before it wrote who it is', () => ''],
])('one that was killed %s does not block the next', async (_, written) => {
  mkdirSync(join(folder, '.frontline'));
  writeFileSync(join(folder, '.frontline/setup.pid'), written());

  expect(await oneAtATime(folder, async () => 'done')).toBe('done');
});
