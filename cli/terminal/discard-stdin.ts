import type { Readable } from 'node:stream';

/** A stream that may be a person's keyboard. */
export type Keyboard = Readable & {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
};

const CTRL_C = '\u0003';

/**
 * Drops what is typed while work goes on, so that a key pressed once too often does not answer the next question
 * before it is read. Ctrl-C counts as ever.
 * @param interrupt what Ctrl-C does, which a terminal that passes on every key leaves to us.
 * @returns what lets the keys through again.
 */
export function ignoreKeys(keyboard: Keyboard, interrupt: () => void): () => void {
  if (!keyboard.isTTY) return () => {};
  const typed = (keys: Buffer | string) => {
    if (keys.includes(CTRL_C)) interrupt();
  };
  keyboard.setRawMode?.(true);
  // Resumed besides: whom a question or an earlier piece of work has paused does not begin again by being listened to.
  keyboard.on('data', typed).resume();
  return () => {
    keyboard.off('data', typed);
    keyboard.pause();
    keyboard.setRawMode?.(false);
  };
}
