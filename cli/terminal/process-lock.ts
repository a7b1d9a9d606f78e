import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationError, errorCode } from '../../lambdas/errors';

/** A claimed lock. */
export interface ProcessLock {
  close(): Promise<void>;
}

/**
 * Claims a lock file for this process. The lock of a killed process is taken over.
 * @param refuse called with the id of the process that holds the lock; throws
 */
export async function claimLock(
  path: string,
  refuse: (processId: number) => Promise<never> | never,
): Promise<ProcessLock> {
  await mkdir(dirname(path), { recursive: true });
  if (!(await wasCreated(path))) {
    const holder = await readHolder(path);
    if (holder !== null && isAlive(holder)) await refuse(holder);
    await writeFile(path, String(process.pid));
  }
  return { close: () => rm(path, { force: true }) };
}

/** The id of the process that holds the lock; null without one. */
export async function lockHolder(path: string): Promise<number | null> {
  const holder = await readHolder(path);
  return holder !== null && isAlive(holder) ? holder : null;
}

/** Whether this process has created the file, and so holds the lock. */
async function wasCreated(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The process's id; null if it has just ended, or was killed before it could write its id. */
async function readHolder(path: string): Promise<number | null> {
  try {
    return Number(await readFile(path, 'utf8')) || null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // The process exists, and belongs to another user.
    return errorCode(error) === 'EPERM';
  }
}

/**
 * Does the work of a setup or an import unless another process does so in this folder, because two imports of one file
 * at once would each find the base without its customers.
 * @throws {ConfigurationError} naming the other process.
 */
export async function oneAtATime<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const path = join(directory, '.frontline', 'setup.pid');
  const lock = await claimLock(path, (processId) => {
    throw new ConfigurationError([
      `A setup or an import is already running in this folder (process ${processId}): wait for it, or stop it. If that process is another program, delete ${path}`,
    ]);
  });
  try {
    return await work();
  } finally {
    await lock.close();
  }
}
