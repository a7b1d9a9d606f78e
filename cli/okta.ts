import { withDotEnv } from '../lib/dot-env';
import { OKTA_HELP, OKTA_OPTIONS, parseOktaOptions } from './okta/okta-options';
import { setUpOkta } from './okta/setup-okta';
import { approvalFor } from './plan/approval';
import { ConsoleOutput } from './terminal/console-output';
import { runCommand } from './terminal/run-command';

await runCommand('okta', OKTA_OPTIONS, async ({ words, signal }) => {
  const options = parseOktaOptions(words);
  const screen = new ConsoleOutput(process.stdout);
  if (options.help) {
    screen.line(OKTA_HELP);
    return 0;
  }
  const environment = withDotEnv(process.cwd(), process.env);
  return setUpOkta({ options, environment, screen, approval: approvalFor(options, signal), signal });
});
