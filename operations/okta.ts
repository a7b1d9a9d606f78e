import { withDotEnv } from '../lib/dot-env';
import { consentFor } from './changes/consent';
import { OKTA_HELP, OKTA_OPTIONS, parseOktaOptions } from './okta/command-line';
import { setUpOkta } from './okta/set-up-okta';
import { runCommand } from './terminal/run-command';
import { Screen } from './terminal/screen';

await runCommand('okta', OKTA_OPTIONS, async ({ words, signal }) => {
  const options = parseOktaOptions(words);
  const screen = new Screen(process.stdout);
  if (options.help) {
    screen.line(OKTA_HELP);
    return 0;
  }
  const environment = withDotEnv(process.cwd(), process.env);
  return setUpOkta({ options, environment, screen, consent: consentFor('okta', options, signal), signal });
});
