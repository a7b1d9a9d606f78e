import { errorCode } from '../../lambdas/errors';
import { UserError } from '../../lib/user-error';

/**
 * Starts a server on its port.
 * @throws {UserError} naming the port if another process uses it
 */
export async function listenOnPort<T>(
  what: string,
  port: number,
  start: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const fault = code === 'EADDRINUSE' ? 'is in use' : 'cannot be used: permission denied';
    throw new UserError(
      `Port ${port}, for ${what}, ${fault}. Stop the process that uses it, or choose other ports: PORT=6001 npm start`,
      { cause: error },
    );
  }
}

/** An emulator's port: the callbacks' port plus the distance, or any free one if the port is 0. */
export function nextPort(port: number, distance: number): number {
  return port === 0 ? 0 : port + distance;
}
