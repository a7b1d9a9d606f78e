import { errorCode } from '../lib/error-code';
import { LOGS_HELP, LOGS_OPTIONS, parseLogsOptions } from './logs/command-line';
import { showLogs } from './logs/show-logs';
import { runCommand } from './terminal/run-command';
import { Screen } from './terminal/screen';

// Whoever reads on, such as head, may have read enough.
process.stdout.on('error', (error) => {
  if (errorCode(error) !== 'EPIPE') throw error;
  process.exit(0);
});

await runCommand('logs', LOGS_OPTIONS, async ({ words, signal }) => {
  const options = parseLogsOptions(words);
  if (options.help) console.log(LOGS_HELP);
  else {
    const screen = new Screen(process.stdout);
    const width = process.stdout.columns ?? Number.POSITIVE_INFINITY;
    await showLogs(options, { directory: process.cwd(), screen, width, signal });
  }
  return 0;
});
