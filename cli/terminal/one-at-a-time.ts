import { join } from 'node:path';
import { ConfigurationError } from '../../lambdas/errors';
import { claimLock } from './process-lock';

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
