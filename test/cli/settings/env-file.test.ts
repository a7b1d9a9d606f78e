import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { EnvFile } from '../../../cli/settings/env-file';
import { ConfigurationError } from '../../../lambdas/errors';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'frontline-env-'));
  path = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = () => readFileSync(path, 'utf8');
const modeOf = (file: string) => statSync(file).mode & 0o777;

describe('a new .env', () => {
  test('begins as the template, with its comments, and has the values', async () => {
    await new EnvFile(path).set({ B: 'two' }, '# the first\nA=\n\n# the second\nB=\n');

    expect(text()).toBe('# the first\nA=\n\n# the second\nB=two\n');
  });

  test('is readable by its owner alone', async () => {
    await new EnvFile(path).set({ A: 'one' }, '');

    expect(modeOf(path)).toBe(0o600);
  });
});

describe('an existing .env', () => {
  test.each([
    ['keeps comments, blank lines and order', '# mine\n\nB=1\nA=2\n', { A: '3' }, '# mine\n\nB=1\nA=3\n'],
    ['keeps the comment behind a value', 'A=2 # the old one\n', { A: '3' }, 'A=3 # the old one\n'],
    ['keeps what stands in front', 'export A=2\n', { A: '3' }, 'export A=3\n'],
    ['replaces a value in quotes', 'A="2 # no comment"\nB=1\n', { A: '3' }, 'A=3\nB=1\n'],
    ['replaces a value of several lines', 'A="2\n3"\nB=1\n', { A: '4' }, 'A=4\nB=1\n'],
    ['changes the last of two lines, which is the one that counts', 'A=1\nA=2\n', { A: '3' }, 'A=1\nA=3\n'],
    ['leaves a commented line alone', '#A=1\n', { A: '3' }, '#A=1\nA=3\n'],
    ['leaves a longer name alone', 'AA=1\nA_B=2\n', { A: '3' }, 'AA=1\nA_B=2\nA=3\n'],
    ['adds a line where the last one has no end', 'B=1', { A: '3' }, 'B=1\nA=3\n'],
    ['keeps the line ends of Windows', 'B=1\r\nA=2\r\n', { A: '3', C: '4' }, 'B=1\r\nA=3\r\nC=4\r\n'],
    ['empties a value', 'A=2\nB=1\n', { A: '' }, 'A=\nB=1\n'],
    ['writes a dollar verbatim', 'A=2\n', { A: "$&$1$'" }, "A=$&$1$'\n"],
  ])('%s', async (_what, before, values, after) => {
    writeFileSync(path, before);

    await new EnvFile(path).set(values, 'unused');

    expect(text()).toBe(after);
  });

  test('becomes readable by its owner alone when it is written', async () => {
    writeFileSync(path, 'A=1\n', { mode: 0o644 });
    const file = new EnvFile(path);
    expect(await file.isOpenToOthers()).toBe(true);

    await file.set({ A: '2' }, '');

    expect(modeOf(path)).toBe(0o600);
    expect(await file.isOpenToOthers()).toBe(false);
  });

  test('can be closed to others without a change', async () => {
    writeFileSync(path, 'A=1\n', { mode: 0o644 });

    await new EnvFile(path).closeToOthers();

    expect([modeOf(path), text()]).toEqual([0o600, 'A=1\n']);
  });

  test('keeps another variable’s value of several lines, even if a line looks like this variable', async () => {
    const other = 'OTHER="one\r\nA=inside\r\n"\r\n';
    writeFileSync(path, `A=1\r\n${other}`);

    await new EnvFile(path).set({ A: '2' }, '');

    expect(text()).toBe(`A=2\r\n${other}`);
  });

  test('stays a link if it is one', async () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'A=1\n');
    symlinkSync(elsewhere, path);

    await new EnvFile(path).set({ A: '2' }, '');

    expect(readFileSync(elsewhere, 'utf8')).toBe('A=2\n');
  });

  test('is written despite a file that an interrupted run left and that others may read', async () => {
    writeFileSync(`${path}.tmp`, 'half', { mode: 0o644 });

    await new EnvFile(path).set({ A: '2' }, '');

    expect([text(), modeOf(path), existsSync(`${path}.tmp`)]).toEqual(['A=2\n', 0o600, false]);
  });
});

describe('any value', () => {
  test('is read back as it was set, and nothing else changes', async () => {
    const value = fc.string({ unit: fc.constantFrom(...'aZ0 #\'"$\\=:@{}[]`-_.,!é'), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(value, async (given) => {
        writeFileSync(path, '# a\nB=before\nA=1 # c\nC=after\n');
        try {
          await new EnvFile(path).set({ A: given }, '');
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
          expect(parse(text())).toEqual({ A: '1', B: 'before', C: 'after' });
          return;
        }
        expect(parse(text())).toEqual({ A: given, B: 'before', C: 'after' });
      }),
      { numRuns: 300 },
    );
  });

  test('with a line break is rejected, and the file stays', async () => {
    writeFileSync(path, 'A=1\n');

    await expect(new EnvFile(path).set({ A: 'x\ny' }, '')).rejects.toThrow('A cannot be saved in .env');

    expect(text()).toBe('A=1\n');
  });
});

test('a folder at the path of .env is reported as a mistake', async () => {
  await expect(new EnvFile(folder).set({ A: '1' }, '')).rejects.toThrow(/cannot be read \(EISDIR\)/);
});
