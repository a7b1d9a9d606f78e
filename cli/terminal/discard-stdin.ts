import type { Readable } from 'node:stream';

/** A stream that may be a person's keyboard. */
export type Keyboard = Readable & {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
};

const CTRL_C = '\u0003';

/**
 * Discards type-ahead during work, so that it does not answer the next prompt before it is read. Ctrl-C still works.
 * @param interrupt the effect of Ctrl-C, which a terminal in raw mode leaves to the program.
 * @returns a function that stops discarding.
 */
export function discardStdin(keyboard: Keyboard, interrupt: () => void): () => void {
  if (!keyboard.isTTY) return () => {};
  const typed = (keys: Buffer | string) => {
    if (keys.includes(CTRL_C)) interrupt();
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
