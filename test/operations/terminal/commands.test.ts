import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommandIn } from './operator';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'frontline-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['setup', 'teardown', 'doctor', 'logs', 'okta'])('npm run %s', (command) => {
  test('says what it takes', async () => {
    const { status, stdout, stderr } = await runCommandIn(folder, [command, '--help']);

    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`npm run ${command}`);
  });

  test('refuses an option that there is not, says what there is, and touches nothing', async () => {
    const { status, stdout, stderr } = await runCommandIn(folder, [command, '--frobnicate']);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Unknown option '--frobnicate'\.\n\n/);
    expect(stderr).toContain(`npm run ${command}`);
    expect(
      readdirSync(folder).filter((name) => !name.startsWith('tsx-') && name !== 'node-compile-cache'),
    ).toEqual([]);
  });
});

test.each(['setup', 'teardown'])('npm run %s does nothing where nobody can be asked', async (command) => {
  const { status, stderr } = await runCommandIn(folder, [command]);

  expect(status).toBe(2);
  expect(stderr).toContain(`npm run ${command} -- --yes`);
});

test('an option that lacks its value is named in one sentence', async () => {
  const { status, stderr } = await runCommandIn(folder, ['setup', '--import', '--yes']);

  expect(status).toBe(2);
  expect(stderr).toMatch(/^Option '--import' argument is ambiguous\.\n\n/);
});
