import { errorCode } from '../../lambdas/errors';

/** The status that a shell reports for a process ended by a broken pipe. */
const BROKEN_PIPE = 141;

/** Ends a command that only prints, without a message, when its reader, such as head, has closed the pipe. */
export function handleEpipe(): void {
  process.stdout.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error;
    process.exit(BROKEN_PIPE);
  });
}
