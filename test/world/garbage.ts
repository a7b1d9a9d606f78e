import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Runs the garbage collector repeatedly, as happens in a busy container. @returns a function that stops it */
export function collectGarbage(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('Node does not let this test collect garbage');
  const collecting = setInterval(() => collect(), 10);
  return () => clearInterval(collecting);
}
