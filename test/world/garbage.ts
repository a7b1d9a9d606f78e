import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Has the garbage collected again and again, as a busy container does now and then. @returns how to stop it */
export function collectGarbage(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('Node does not let this test collect garbage');
  const collecting = setInterval(() => collect(), 10);
  return () => clearInterval(collecting);
}
