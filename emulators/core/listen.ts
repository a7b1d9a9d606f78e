import type { Server } from 'node:http';

/** A server that listens on this machine only. */
export interface Listening {
  readonly url: string;
  /** Stops it at once and closes open connections. */
  close(): Promise<void>;
}

/** Longer than a client keeps an idle connection, so that a request never meets one that is just being closed. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Makes the server listen on 127.0.0.1.
 * @param port 0 picks a free port
 * @throws the system's error, with `code` EADDRINUSE when the port is in use
 */
export async function listen(server: Server, port: number): Promise<Listening> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
