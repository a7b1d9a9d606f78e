import { errorCode } from '../../lib/error-code';

/** As a shell has it of whatever a broken pipe ends. */
const BROKEN_PIPE = 141;

/** Ends a command that only shows something without a word, when whoever reads on, such as head, has read enough. */
export function endWithReader(): void {
  process.stdout.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error;
    process.exit(BROKEN_PIPE);
  });
}
