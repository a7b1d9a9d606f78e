import { withDotEnv } from '../lib/dot-env';
import { approvalFor } from './plan/approval';
import { tearDown } from './teardown/tear-down';
import { parseTeardownOptions, TEARDOWN_HELP, TEARDOWN_OPTIONS } from './teardown/teardown-options';
import { ConsoleOutput } from './terminal/console-output';
import { runCommand } from './terminal/run-command';

await runCommand('teardown', TEARDOWN_OPTIONS, async ({ words, signal }) => {
  const options = parseTeardownOptions(words);
  const screen = new ConsoleOutput(process.stdout);
  if (options.help) {
    screen.line(TEARDOWN_HELP);
    return 0;
  }
  const environment = withDotEnv(process.cwd(), process.env);
  return tearDown({ environment, screen, approval: approvalFor(options, signal, 'no'), signal });
});
