import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '../../lambdas/errors';
import { errorCode } from '../../lib/error-code';

/**
 * Does the work unless somebody else does it in this folder already: of two who import one file at once, each would
 * find the base without its customers. What a killed set-up left is in nobody's way.
 * @throws {ConfigurationError} naming the process that does it.
 */
export async function oneAtATime<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const claim = join(directory, '.frontline', 'setup.pid');
  await mkdir(dirname(claim), { recursive: true });
  if (!(await claimed(claim))) {
    const holder = await readHolder(claim);
    if (holder !== null && isAlive(holder)) {
      throw new ConfigurationError([
        `npm run setup is under way in this folder already (process ${holder}): wait for it, or end it. If that process is something else, delete ${claim}`,
      ]);
    }
    await writeFile(claim, String(process.pid));
  }
  try {
    return await work();
  } finally {
    await rm(claim, { force: true });
  }
}

/** Whether the folder is ours now; false where there is a claim to it. */
async function claimed(claim: string): Promise<boolean> {
  try {
    await writeFile(claim, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The process's id; null where it has just ended, or was killed before it could write any. */
async function readHolder(claim: string): Promise<number | null> {
  try {
    return Number(await readFile(claim, 'utf8')) || null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // There is one, and it is another user's.
    return errorCode(error) === 'EPERM';
  }
}
