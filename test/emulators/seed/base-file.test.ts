import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BaseData } from '../../../emulators/airtable/base-model';
import { teamBase } from '../../../emulators/seed/base';
import { BaseFile } from '../../../emulators/seed/base-file';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-'));
  path = join(directory, 'kept', 'base.json');
});
afterEach(() => rm(directory, { recursive: true }));

const named = (name: string): BaseData => ({ id: 'appX', name, tables: [] });

test('the base is null before the first save', async () => {
  expect(await new BaseFile(path).load()).toBeNull();
});

test('the next run loads every cell that was saved', async () => {
  const base = teamBase();
  const [table] = base.tables;
  table?.records.push({
    id: 'recX',
    createdTime: '2024-05-01T09:30:00.000Z',
    fields: { tags: ['a', { id: 'usrX', n: 1.5 }, null, true] },
  });
  await new BaseFile(path).save(base);

  expect(await new BaseFile(path).load()).toEqual(base);
});

test('of many saves at once the last state is kept, and each resolves when it is on disk', async () => {
  const file = new BaseFile(path);
  const base = named('start');

  const saves = Array.from({ length: 20 }, async (_, index) => {
    base.name = `change ${index}`;
    await file.save(base);
    return JSON.parse(await readFile(path, 'utf8')).name;
  });

  expect(new Set(await Promise.all(saves))).toEqual(new Set(['change 19']));
});

test('a change during a write is written after it', async () => {
  const file = new BaseFile(path);
  const base = named('first');
  const first = file.save(base);
  await new Promise((resolve) => setImmediate(resolve));
  base.name = 'second';
  await Promise.all([first, file.save(base)]);

  expect(await file.load()).toEqual(named('second'));
});

test('a run killed during a write loses nothing that was saved before', async () => {
  await new BaseFile(path).save(named('whole'));
  await writeFile(`${path}.tmp`, '{"id":"appX","name":"ha');

  expect(await new BaseFile(path).load()).toEqual(named('whole'));
  await new BaseFile(path).save(named('later'));
  expect(await new BaseFile(path).load()).toEqual(named('later'));
  expect(await readdir(join(directory, 'kept'))).toEqual(['base.json']);
});

test('a failed save rejects, and the next one can succeed', async () => {
  await writeFile(join(directory, 'kept'), 'a file where a directory should be');
  const file = new BaseFile(path);

  await expect(file.save(named('lost'))).rejects.toThrow();
  await rm(join(directory, 'kept'));
  await file.save(named('found'));

  expect(await file.load()).toEqual(named('found'));
});

describe('a file that does not hold a valid base', () => {
  test.each([
    ['half a file', '{"id":"appX","tables":[{"na'],
    ['an empty file', ''],
    ['JSON that is not a base', '{"id":"appX"}'],
    [
      'a column of an unknown type',
      '{"id":"a","name":"b","tables":[{"id":"t","name":"T","fields":[{"id":"f","name":"F","type":"text"}],"views":[],"records":[]}]}',
    ],
  ])('is rejected by name and left unchanged: %s', async (_what, content) => {
    path = join(directory, 'base.json');
    await writeFile(path, content);

    const loading = new BaseFile(path).load();

    await expect(loading).rejects.toMatchObject({ name: 'BaseFileError' });
    await expect(loading).rejects.toThrow(path);
    await expect(loading).rejects.toThrow('--reset');
    expect(await readFile(path, 'utf8')).toBe(content);
  });
});
