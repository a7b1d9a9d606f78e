const LOOK_MS = 500;

/**
 * Calls `stop` once npm's shell has ended. A signal to `npm start` ends npm and that shell but does not reach this
 * process, which would keep the ports open. Does nothing if npm did not start this process.
 */
export function exitWithParent(environment: NodeJS.ProcessEnv, stop: () => void): void {
  if (environment['npm_lifecycle_event'] !== 'start') return;
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    stop();
  }, LOOK_MS);
  looking.unref();
}
