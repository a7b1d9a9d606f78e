import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Keyboard, readKeys } from '../terminal/discard-stdin';

/**
 * Calls an action when its key is pressed, until it is closed. Null without a keyboard, or in the background, where the
 * terminal would stop a process that reads from it.
 */
export async function listenToKeys(
  keyboard: Keyboard,
  actions: Readonly<Record<string, () => void>>,
): Promise<{ close(): Promise<void> } | null> {
  if (!keyboard.isTTY || !(await isInForeground())) return null;
  const stop = readKeys(keyboard, (keys) => actions[keys]?.());
  return { close: async () => stop() };
}

async function isInForeground(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(process.pid)]);
    return stdout.includes('+');
  } catch {
    return false;
  }
}
