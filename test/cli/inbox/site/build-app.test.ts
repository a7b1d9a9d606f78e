import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import * as v from 'valibot';

const PROJECT = process.cwd();
const WEEK_MS = 7 * 24 * 60 * 60_000;

let project: string;
let app: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'frontline-build-'));
  app = join(project, 'inbox');
  await mkdir(join(project, 'lambdas/inbox/api'), { recursive: true });
  await mkdir(app);
  await symlink(join(PROJECT, 'node_modules'), join(project, 'node_modules'));
  await writeFile(join(app, 'vite.config.ts'), 'export default {};');
  await writeFile(join(app, 'index.html'), '<script type="module" src="/main.ts"></script>');
  await writeFile(join(app, 'main.ts'), 'import { word } from "../lambdas/inbox/api/word";\nalert(word);');
  await say('first');
});
afterEach(() => rm(project, { recursive: true }));

const say = (word: string) =>
  writeFile(join(project, 'lambdas/inbox/api/word.ts'), `export const word = '${word}';`);

const Folders = v.pipe(v.string(), v.parseJson(), v.array(v.string()));

/** Builds the app in a process of its own, as a command does; several times at once. */
async function build(times = 1): Promise<string[]> {
  const source = JSON.stringify(join(PROJECT, 'cli/inbox/site/build-app.ts'));
  const script = `import { buildApp } from ${source};
    const builds = Array.from({ length: ${times} }, () => buildApp(${JSON.stringify(app)}));
    console.log(JSON.stringify(await Promise.all(builds)));`;
  const words = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: PROJECT });
  return v.parse(Folders, stdout);
}

/** All scripts of a built app; fails if its page or a file is missing. */
async function scriptsIn(folder = ''): Promise<string> {
  expect(await readFile(join(folder, 'index.html'), 'utf8')).toContain('/assets/');
  const names = await readdir(join(folder, 'assets'));
  return (await Promise.all(names.map((name) => readFile(join(folder, 'assets', name), 'utf8')))).join();
}

test('several programs that build at once get the same complete build, and leave nothing else', async () => {
  const folders = (await Promise.all([build(2), build(2)])).flat();

  expect(new Set(folders).size).toBe(1);
  expect(await scriptsIn(folders[0])).toContain('first');
  expect(await readdir(join(app, 'dist'))).toHaveLength(1);
});

test('a build is used again, and stays as it is when a changed app is built beside it', async () => {
  const [first = ''] = await build();
  const writtenAt = new Date('2026-11-26T12:00:00.000Z');
  await utimes(join(first, 'index.html'), writtenAt, writtenAt);
  const [again] = await build();
  await say('second');
  const [second] = await build();

  expect(again).toBe(first);
  expect((await stat(join(first, 'index.html'))).mtime).toEqual(writtenAt);
  expect(await scriptsIn(first)).toContain('first');
  expect(await scriptsIn(second)).toContain('second');
});

test('what an interrupted program left is deleted after a week, as are builds that were not used for so long', async () => {
  const [first] = await build();
  const dist = join(app, 'dist');
  for (const name of ['incomplete-old', 'incomplete-new']) await mkdir(join(dist, name));
  const old = new Date(Date.now() - WEEK_MS - 60_000);
  for (const path of [first ?? '', join(dist, 'incomplete-old')]) await utimes(path, old, old);
  await say('second');
  const [second = ''] = await build();

  expect((await readdir(dist)).map((name) => join(dist, name)).sort()).toEqual(
    [second, join(dist, 'incomplete-new')].sort(),
  );
});

test("the app's shared sources and settings belong to a build", async () => {
  const [first] = await build();
  await writeFile(join(project, 'lambdas/inbox/api.ts'), 'export {};');
  const [second] = await build();
  await writeFile(join(project, 'tsconfig.json'), '{}');
  const [third] = await build();

  expect(new Set([first, second, third]).size).toBe(3);
});

test('every user of the machine may read a build', async () => {
  const [built = ''] = await build();

  expect((await stat(built)).mode & 0o777).toBe(0o755);
});

test('a build that fails is reported, and leaves nothing', async () => {
  await writeFile(join(app, 'main.ts'), 'import "./missing";');

  await expect(build()).rejects.toThrow('missing');
  expect(await readdir(join(app, 'dist'))).toEqual([]);
});
