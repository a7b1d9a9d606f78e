const POLL_MS = 500;

/**
 * Calls `stop` once npm's shell has ended. A signal to `npm run` ends npm and that shell but does not reach this process,
 * which would keep its ports, child processes and files. Does nothing if npm did not start this process.
 */
export function exitWithParent(environment: NodeJS.ProcessEnv, stop: () => void): void {
  if (environment['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const polling = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(polling);
    stop();
  }, POLL_MS);
  polling.unref();
}
