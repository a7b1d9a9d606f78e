import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommandIn } from './operator';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'frontline-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['setup', 'teardown', 'doctor', 'logs', 'okta', 'opt-outs'])('npm run %s', (command) => {
  test('prints its usage', async () => {
    const { status, stdout, stderr } = await runCommandIn(folder, [command, '--help']);

    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`npm run ${command}`);
  });

  test('rejects an unknown option, lists the valid ones, and changes nothing', async () => {
    const { status, stdout, stderr } = await runCommandIn(folder, [command, '--frobnicate']);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Unknown option '--frobnicate'\.\n\n/);
    expect(stderr).toContain(`npm run ${command}`);
    expect(
      readdirSync(folder).filter((name) => !name.startsWith('tsx-') && name !== 'node-compile-cache'),
    ).toEqual([]);
  });
});

test.each(['setup', 'teardown'])(
  'npm run %s does nothing without an interactive terminal',
  async (command) => {
    const { status, stderr } = await runCommandIn(folder, [command]);

    expect(status).toBe(2);
    expect(stderr).toContain(`npm run ${command} -- --yes`);
  },
);

describe('an option without the -- before it', () => {
  const asNpm = (environment: Readonly<Record<string, string>>) =>
    runCommandIn(folder, ['doctor', '--help'], () => {}, environment);

  test('is reported, because npm silently consumes it', async () => {
    const { status, stderr } = await asNpm({ npm_config_json: 'true' });

    expect([status, stderr]).toEqual([2, expect.stringContaining('npm run doctor -- --json')]);
  });

  test('is ignored if npm is told that it is off', async () => {
    expect((await asNpm({ npm_config_json: '' })).status).toBe(0);
  });

  test('is ignored if an npmrc file sets it', async () => {
    const npmrc = join(folder, 'npmrc');
    writeFileSync(npmrc, 'fund=false\n json = true\n');

    const { status } = await asNpm({ npm_config_json: 'true', npm_config_userconfig: npmrc });

    rmSync(npmrc);
    expect(status).toBe(0);
  });
});

test('npm run opt-outs lifts nothing without an interactive terminal', async () => {
  const { status, stderr } = await runCommandIn(folder, [
    'opt-outs',
    'lift',
    '+14155550101',
    '--reason',
    'x',
  ]);

  expect([status, stderr]).toEqual([2, expect.stringContaining('add --yes')]);
});

test('an option without its value is named in one sentence', async () => {
  const { status, stderr } = await runCommandIn(folder, ['setup', '--import', '--yes']);

  expect(status).toBe(2);
  expect(stderr).toMatch(/^Option '--import' argument is ambiguous\.\n\n/);
});
