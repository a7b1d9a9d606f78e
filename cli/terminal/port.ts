import type { Environment } from '../../lambdas/config';

const DEFAULT_PORT = 5001;

/** The port is invalid, or in use. */
export class PortError extends Error {
  override readonly name = 'BadPort';
}

/**
 * The port of the callbacks, from PORT; the emulators take the next five. 0 stands for any that are free.
 * @throws {PortError} if PORT is not a valid port.
 */
export function readPort({ PORT }: Environment): number {
  const text = PORT?.trim() || String(DEFAULT_PORT);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_530) return port;
  throw new PortError(
    `PORT is ${text}: it must be a number from 0 (any that are free) to 65530, the next five are used as well`,
  );
}
