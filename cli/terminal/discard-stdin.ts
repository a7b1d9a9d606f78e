import type { Readable } from 'node:stream';

/** A stream that may be a person's keyboard. */
export type Keyboard = Readable & {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
};

const CTRL_C = '\u0003';

/** Discards type-ahead during work, so that it does not answer the next prompt before it is read. */
export function discardStdin(keyboard: Keyboard): () => void {
  return keyboard.isTTY ? readKeys(keyboard, () => {}) : () => {};
}

/**
 * Reads keys as they are pressed. Ctrl-C still interrupts the process, which a terminal in raw mode leaves to the
 * program.
 * @returns a function that stops reading
 */
export function readKeys(
  keyboard: Keyboard,
  onKeys: (keys: string) => void,
  interrupt: () => void = () => process.kill(process.pid, 'SIGINT'),
): () => void {
  const typed = (data: Buffer | string) => {
    const keys = data.toString();
    if (keys.includes(CTRL_C)) interrupt();
    else onKeys(keys);
  };
  keyboard.setRawMode?.(true);
  // Resumed explicitly: a stream that a prompt or earlier work has paused does not resume when a listener is added.
  keyboard.on('data', typed).resume();
  return () => {
    keyboard.off('data', typed);
    keyboard.pause();
    keyboard.setRawMode?.(false);
  };
}
