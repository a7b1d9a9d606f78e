import { open, realpath, rename, rm } from 'node:fs/promises';

/**
 * Replaces a file as a whole: the old one stays until the new one is complete and on the disk. If the file is a link,
 * its target is replaced. A kill leaves a `.tmp`, which the next write replaces.
 * @param mode the permissions of the file. Default: as the umask allows.
 */
export async function writeAtomically(path: string, text: string, mode = 0o666): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const temporary = `${target}.tmp`;
  // The mode applies only to a new file: others might be able to read one that an interrupted run left.
  await rm(temporary, { force: true });
  try {
    const file = await open(temporary, 'wx', mode);
    await file
      .writeFile(text)
      .then(() => file.sync())
      .finally(() => file.close());
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
