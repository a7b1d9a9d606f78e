import { LOGS_HELP, LOGS_OPTIONS, parseLogsOptions } from './logs/logs-options';
import { showLogs } from './logs/show-logs';
import { ConsoleOutput } from './terminal/console-output';
import { handleEpipe } from './terminal/handle-epipe';
import { runCommand } from './terminal/run-command';

handleEpipe();

await runCommand('logs', LOGS_OPTIONS, async ({ words, signal }) => {
  const options = parseLogsOptions(words);
  if (options.help) console.log(LOGS_HELP);
  else {
    const screen = new ConsoleOutput(process.stdout);
    const width = process.stdout.columns ?? Number.POSITIVE_INFINITY;
    await showLogs(options, { directory: process.cwd(), screen, width, signal });
  }
  return 0;
});
