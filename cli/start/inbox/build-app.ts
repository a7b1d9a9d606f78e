import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Not sources of the app. */
const LEFT_OUT = new Set(['dist', 'node_modules']);

/**
 * Builds the app if a source is newer than the last build.
 * @param directory the app's folder
 * @returns the folder of the built files
 */
export async function buildApp(directory: string): Promise<string> {
  const built = join(directory, 'dist');
  const [builtAt, changedAt] = await Promise.all([timeOf(join(built, 'index.html')), newestIn(directory)]);
  if (builtAt > changedAt) return built;
  // Loaded here, because most starts need no build.
  const { build } = await import('vite');
  await build({ root: directory, configFile: join(directory, 'vite.config.ts'), logLevel: 'error' });
  return built;
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
