import { withDotEnv } from '../lib/dot-env';
import { OKTA_HELP, OKTA_OPTIONS, parseOktaOptions } from './okta/command-line';
import { setUpOkta } from './okta/set-up-okta';
import { askPerson } from './terminal/questions';
import { runCommand } from './terminal/run-command';
import { Screen } from './terminal/screen';

await runCommand('okta', OKTA_OPTIONS, async ({ words, signal }) => {
  const options = parseOktaOptions(words);
  const screen = new Screen(process.stdout);
  if (options.help) {
    screen.line(OKTA_HELP);
    return 0;
  }
  const isSomebodyThere = process.stdin.isTTY && process.stdout.isTTY;
  const questions = isSomebodyThere && !options.yes ? askPerson(process.stdin, process.stdout) : null;
  const environment = withDotEnv(process.cwd(), process.env);
  return setUpOkta({ options, environment, screen, questions, signal });
});
