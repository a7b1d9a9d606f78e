import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCommandIn } from '../terminal/operator';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'frontline-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const COMMANDS = [
  'start',
  'callback',
  'simulate',
  'setup',
  'doctor',
  'import',
  'logs',
  'inbox',
  'opt-outs',
  'okta',
  'teardown',
];

const frontline = (...words: readonly string[]) => runCommandIn(folder, words);

/** The names of the files that commands have left in the folder. */
const files = () => readdirSync(folder);

test('frontline --help lists the commands', async () => {
  const { status, stdout, stderr } = await frontline('--help');

  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.match(/^ {2}([a-z-]+) [[ ]/gm)?.map((line) => line.trim().split(' ')[0])).toEqual(COMMANDS);
});

test.each(COMMANDS)('frontline %s --help prints its options', async (command) => {
  const { status, stdout, stderr } = await frontline(command, '--help');

  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`Usage: frontline ${command} [options]`);
});

test.each([
  ...COMMANDS.map((command) => [command, '--frobnicate'] as const),
  ['frobnicate'] as const,
  ['opt-outs', 'frobnicate'] as const,
  ['opt-outs', 'list', '--csv', '--json'] as const,
  ['opt-outs', 'lift', '+14155550101'] as const,
  ['opt-outs', 'lift', '+14155550101', '--reason='] as const,
  ['setup', '--import'] as const,
  ['start', '--live', '--reset'] as const,
  ['setup'] as const,
  ['teardown'] as const,
  ['opt-outs', 'lift', '+14155550101', '--reason', 'x'] as const,
])('frontline %s %s %s %s %s is a usage error with a hint, and changes nothing', async (...words) => {
  const { status, stdout, stderr } = await frontline(...words);

  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/--help|Usage:/);
  expect(files()).toEqual([]);
});

test.each([
  ["pat.o'brien@example.com", 1, 'No AWS credentials found'],
  ['r&d@example.com', 1, 'No AWS credentials found'],
  ['ana@xn--4ca.example', 1, 'No AWS credentials found'],
  ['ana@example.xn--p1ai', 1, 'No AWS credentials found'],
  ['ana@example', 2, 'It is not an e-mail address'],
  ['ana@example.com, bob@example.com', 2, 'It is not an e-mail address'],
])('frontline inbox invite %s ends with %i: %s', async (email, status, message) => {
  expect(await frontline('inbox', 'invite', email)).toMatchObject({
    status,
    stderr: expect.stringContaining(message),
  });
});

test.each([
  ['doctor', '✗ Configuration'],
  ['callback --help', 'Usage: frontline callback'],
  ['logs --local', ''],
])('frontline %s | head prints no error', async (words, expected) => {
  const script = `"$0" "$1" ${words} | head -n 1`;
  const program = [process.execPath, join(process.cwd(), 'cli/frontline.mjs')];

  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script, ...program], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' },
  });

  expect(stdout).toContain(expected);
  expect(stderr).not.toMatch(/EPIPE| {4}at /);
});
