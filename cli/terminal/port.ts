import type { Environment } from '../../lambdas/config';
import { UserError } from '../../lib/user-error';

const DEFAULT_PORT = 5001;

/**
 * The port of the callbacks, from PORT; the emulators take the next five. 0 stands for any that are free.
 * @throws {UserError} if PORT is not a valid port.
 */
export function readPort({ PORT }: Environment): number {
  const text = PORT?.trim() || String(DEFAULT_PORT);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_530) return port;
  throw new UserError(
    `PORT is ${text}. It must be a number from 0 (any free ports) to 65530; the next five ports are used too`,
  );
}
