import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Misconfigured } from '../../lambdas/errors/errors';
import { errorCode } from '../../lib/error-code';

/**
 * Does the work unless somebody else does it in this folder already: of two who import one file at once, each would
 * find the base without its customers. What a killed set-up left is in nobody's way.
 * @throws {Misconfigured} naming the process that does it.
 */
export async function oneAtATime<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const folder = join(directory, '.frontline');
  const claim = join(folder, 'setup.pid');
  const own = join(folder, `setup.${process.pid}.pid`);
  await mkdir(folder, { recursive: true });
  // Linked and not written in its place: so it is there with the process's id in it, or not at all.
  await writeFile(own, String(process.pid));
  try {
    await take(claim, own);
  } finally {
    await rm(own, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(claim, { force: true });
  }
}

async function take(claim: string, own: string): Promise<void> {
  try {
    await link(own, claim);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const holder = await readHolder(claim);
    if (holder !== null && isAlive(holder)) {
      throw new Misconfigured([
        `npm run setup is under way in this folder already (process ${holder}): wait for it, or end it. If that process is something else, delete ${claim}`,
      ]);
    }
    await rm(claim, { force: true });
    await link(own, claim);
  }
}

/** Null where it has just ended. */
async function readHolder(claim: string): Promise<number | null> {
  try {
    return Number(await readFile(claim, 'utf8'));
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
