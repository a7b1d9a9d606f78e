import { execFile } from 'node:child_process';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

/** A stream that may be a person's keyboard. */
export type Keyboard = Readable & {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
};

const CTRL_C = '\u0003';

/**
 * Calls an action when its key is pressed, until it is closed. Ctrl-C still interrupts the process, which a terminal in
 * raw mode leaves to the program. Null without a keyboard, or in the background, where the terminal would stop a process
 * that reads from it.
 */
export async function listenToKeys(
  keyboard: Keyboard,
  actions: Readonly<Record<string, () => void>>,
  interrupt: () => void = () => process.kill(process.pid, 'SIGINT'),
  isInForeground: () => Promise<boolean> = readForeground,
): Promise<{ close(): Promise<void> } | null> {
  if (!keyboard.isTTY || !(await isInForeground())) return null;
  const typed = (data: Buffer | string) => {
    const keys = data.toString();
    if (keys.includes(CTRL_C)) interrupt();
    else actions[keys]?.();
  };
  keyboard.setRawMode?.(true);
  keyboard.on('data', typed).resume();
  return {
    close: async () => {
      keyboard.off('data', typed).pause();
      keyboard.setRawMode?.(false);
    },
  };
}

async function readForeground(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(process.pid)]);
    return stdout.includes('+');
  } catch {
    return false;
  }
}
