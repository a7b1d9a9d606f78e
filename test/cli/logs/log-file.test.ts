import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LogFile, localLog } from '../../../cli/logs/local-log';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'frontline-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (path: string) =>
  new LogFile(
    path,
    (reason) => {
      throw new Error(reason);
    },
    10,
  );

test('a full file replaces the earlier one, also after a restart, and both are read', async () => {
  const path = join(folder, 'service.log');
  const file = open(path);
  for (const line of ['first line\n', 'second line\n']) file.append(line);
  open(path).append('third line\n');

  expect(readFileSync(path, 'utf8')).toBe('third line\n');
  const events = await localLog(path).read(0, new AbortController().signal);
  expect(events.map(({ text }) => text)).toEqual(['second line', 'third line']);
});
