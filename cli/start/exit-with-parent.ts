const LOOK_MS = 500;

/**
 * Calls `stop` once npm's shell is gone. A signal to `npm start` ends npm and that shell and does not reach us, and
 * we would go on holding the ports. Started in any other way, we live as long as we are let.
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
