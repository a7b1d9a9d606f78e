import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FunctionCode } from '../../../cli/start/function-code';
import { lambdaContext } from '../../../emulators/lambda/invocation';

let project: string;
let code: FunctionCode;
const messages: string[] = [];

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'frontline-code-'));
  messages.length = 0;
  await mkdir(join(project, 'lambdas'));
  await save('shared', 'export const word: string = "one";');
  for (const name of ['crm', 'sync']) {
    await save(name, 'import { word } from "./shared";\nexport const handler = async () => word;');
  }
  await save('routing', 'export const handler = () => {\n  throw new Error("no");\n};');
  code = await FunctionCode.load(['crm', 'sync', 'routing'], (message) => messages.push(message), project);
  await code.watch();
});
afterEach(async () => {
  await code.close();
  await rm(project, { recursive: true });
});

/** As an editor does: a new file replaces the old one. */
async function save(name: string, source: string): Promise<void> {
  const path = join(project, 'lambdas', `${name}.ts`);
  await writeFile(`${path}~`, source);
  await rename(`${path}~`, path);
}

const call = (name: string) => code.handler(name)({}, lambdaContext(name, 1_000));

/** Resolves when so many messages have come; the test's own timeout ends it. */
async function messagesReach(count: number): Promise<void> {
  while (messages.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('a saved change reloads the functions that contain it, each time', async () => {
  expect([await call('crm'), await call('sync')]).toEqual(['one', 'one']);

  for (const [count, word] of [
    [1, 'two'],
    [2, 'one'],
  ] as const) {
    await save('shared', `export const word: string = "${word}";`);
    await messagesReach(count);
    expect([await call('crm'), await call('sync')]).toEqual([word, word]);
  }

  expect(messages).toEqual(['Reloaded crm, sync', 'Reloaded crm, sync']);
});

test('a change that cannot be loaded is reported with its place until it is undone; the earlier code still runs', async () => {
  const path = join(project, 'lambdas/crm.ts');
  const before = await readFile(path, 'utf8');
  await save('crm', 'export const handler = (;');
  await messagesReach(1);

  expect(messages).toEqual([expect.stringMatching(/^Not reloaded.* lambdas\/crm\.ts:1 /)]);
  expect(await call('crm')).toBe('one');

  await save('crm', before);
  await messagesReach(2);

  expect(messages[1]).toMatch(/^The error is corrected/);
});

test('a stack names the source', () => {
  expect(() => call('routing')).toThrow(
    expect.objectContaining({ stack: expect.stringContaining(join(project, 'lambdas/routing.ts:2')) }),
  );
});

test('nothing is left after close', async () => {
  await code.close();

  expect(await readdir(join(project, 'node_modules/.cache/frontline'))).toEqual([]);
});
