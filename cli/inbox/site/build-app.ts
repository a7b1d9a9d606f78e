import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCode } from '../../../lambdas/errors';

/** Not sources of the app. */
const LEFT_OUT = new Set(['dist', 'node_modules']);
/** Sources beside the app's folder. The lockfile stands for the packages. */
const SHARED = [
  'lambdas/inbox/api',
  'lambdas/inbox/api.ts',
  'lib/inbox',
  'package-lock.json',
  'tsconfig.json',
];

/** The beginning of the names of folders that are not, or no longer, a complete build. */
const INCOMPLETE = 'incomplete-';

/** The folder of this project's app. */
const APP_DIRECTORY = fileURLToPath(new URL('../../../inbox', import.meta.url));

/** An unused build, or one that was interrupted, is deleted after this time. No program serves one for so long. */
const KEPT_MS = 7 * 24 * 60 * 60_000;

/**
 * Builds the app unless there is a build of the same sources. Each build has a folder of its own, which appears when it
 * is complete and does not change after that: several programs may build and serve the app at once.
 * @param directory the app's folder
 * @returns the folder of the built files
 */
export async function buildApp(directory: string): Promise<string> {
  const builds = join(directory, 'dist');
  const built = join(builds, await digestOf(directory));
  if (!(await exists(built))) {
    await mkdir(builds, { recursive: true });
    await removeUnused(builds);
    const unfinished = await mkdtemp(join(builds, INCOMPLETE));
    try {
      await build(directory, unfinished);
      // Other users of this machine may serve it too.
      await chmod(unfinished, 0o755);
      await rename(unfinished, built);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      // Another program may have completed the same build first.
      if (!(await exists(built))) throw error;
    }
  }
  await markAsUsed(built);
  return built;
}

/**
 * Builds this project's app in any case, because an upgraded package changes it too. The same sources have the same
 * files.
 * @returns a temporary folder with the built files
 */
export async function rebuildApp(directory = APP_DIRECTORY): Promise<string> {
  const built = await mkdtemp(join(tmpdir(), 'frontline-inbox-'));
  process.once('exit', () => rmSync(built, { recursive: true, force: true }));
  await build(directory, built);
  return built;
}

async function build(directory: string, outDir: string): Promise<void> {
  // Loaded here, because most starts need no build.
  const vite = await import('vite');
  await vite.build({
    root: directory,
    configFile: join(directory, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });
}

/** Does without the mark where only another user may write. */
async function markAsUsed(built: string): Promise<void> {
  const now = new Date();
  await utimes(built, now, now).catch((error: unknown) => {
    const code = errorCode(error);
    if (code !== 'EPERM' && code !== 'EACCES' && code !== 'EROFS') throw error;
  });
}

async function removeUnused(builds: string): Promise<void> {
  for (const name of await readdir(builds)) {
    const path = join(builds, name);
    const removed = join(builds, INCOMPLETE + randomUUID());
    try {
      if ((await stat(path)).mtimeMs >= Date.now() - KEPT_MS) continue;
      // First it loses its name, so that what an interrupted deletion leaves is not used as a build.
      await rename(path, removed);
    } catch (error) {
      // Another program deletes it at the same time.
      if (errorCode(error) === 'ENOENT') continue;
      throw error;
    }
    await rm(removed, { recursive: true, force: true });
  }
}

/** Identifies the sources by their names and contents. */
async function digestOf(directory: string): Promise<string> {
  const root = join(directory, '..');
  const places = [directory, ...SHARED.map((path) => join(root, path))];
  const files = (await Promise.all(places.map(filesAt))).flat().sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const content = await readFile(file);
    hash.update(`${relative(root, file)}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The file, or those in the folder and below; none if there is nothing. */
async function filesAt(path: string): Promise<string[]> {
  const names = await readdir(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOTDIR') return null;
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  if (names === null) return [path];
  const within = names.filter((name) => !LEFT_OUT.has(name)).map((name) => filesAt(join(path, name)));
  return (await Promise.all(within)).flat();
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
