import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationError, errorCode } from '../../lambdas/errors';

/**
 * Does the work of a setup or an import unless another process does so in this folder, because two imports of one file
 * at once would each find the base without its customers. The lock of a killed process is ignored.
 * @throws {ConfigurationError} naming the other process.
 */
export async function oneAtATime<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const claim = join(directory, '.frontline', 'setup.pid');
  await mkdir(dirname(claim), { recursive: true });
  if (!(await claimed(claim))) {
    const holder = await readHolder(claim);
    if (holder !== null && isAlive(holder)) {
      throw new ConfigurationError([
        `A setup or an import is already running in this folder (process ${holder}): wait for it, or stop it. If that process is another program, delete ${claim}`,
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

/** Whether this process now holds the folder's lock; false if the lock exists. */
async function claimed(claim: string): Promise<boolean> {
  try {
    await writeFile(claim, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The process's id; null if it has just ended, or was killed before it could write its id. */
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
    // The process exists, and belongs to another user.
    return errorCode(error) === 'EPERM';
  }
}
