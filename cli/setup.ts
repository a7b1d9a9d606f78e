import { approvalFor } from './plan/approval';
import { setUp } from './setup/set-up';
import { parseSetupOptions, SETUP_HELP, SETUP_OPTIONS } from './setup/setup-options';
import { ConsoleOutput } from './terminal/console-output';
import { runCommand } from './terminal/run-command';

await runCommand('setup', SETUP_OPTIONS, async ({ words, signal }) => {
  const options = parseSetupOptions(words);
  const screen = new ConsoleOutput(process.stdout);
  if (options.help) {
    screen.line(SETUP_HELP);
    return 0;
  }
  return setUp({
    options,
    directory: process.cwd(),
    screen,
    approval: approvalFor(options, signal),
    signal,
  });
});
