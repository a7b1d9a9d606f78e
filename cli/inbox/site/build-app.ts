import { rmSync } from 'node:fs';
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Not sources of the app. */
const LEFT_OUT = new Set(['dist', 'node_modules']);

/** The folder of this project's app. */
const APP_DIRECTORY = fileURLToPath(new URL('../../../inbox', import.meta.url));

/**
 * Builds the app if a source is newer than the last build.
 * @param directory the app's folder
 * @returns the folder of the built files
 */
export async function buildApp(directory: string): Promise<string> {
  const built = join(directory, 'dist');
  const [builtAt, changedAt] = await Promise.all([timeOf(join(built, 'index.html')), newestIn(directory)]);
  if (builtAt > changedAt) return built;
  await build(directory, built);
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

async function newestIn(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true });
  const times = entries.map((entry) => {
    const path = join(directory, entry.name);
    if (LEFT_OUT.has(entry.name)) return 0;
    return entry.isDirectory() ? newestIn(path) : timeOf(path);
  });
  return Math.max(0, ...(await Promise.all(times)));
}

async function timeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
