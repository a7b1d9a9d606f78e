import { randomUUID } from 'node:crypto';
import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/min';
import { readConfiguration } from '../lambdas/config';
import { withDotEnv } from '../lib/dot-env';
import { STACK_NAME } from '../lib/stack-names';
import { noStack } from './aws/cached-lookups';
import { readStackStatus } from './aws/deployed-stack';
import { deployedStores, noReplica } from './aws/deployed-stores';
import { openLocalStores } from './opt-outs/open-local';
import { OPT_OUTS_HELP, OPT_OUTS_OPTIONS, parseOptOutsCommand } from './opt-outs/opt-outs-options';
import { runLift } from './opt-outs/run-lift';
import { showOptOuts } from './opt-outs/show-opt-outs';
import { approvalFor } from './plan/approval';
import type { ServiceStores } from './replica/open-stores';
import { ConsoleOutput } from './terminal/console-output';
import { handleEpipe } from './terminal/handle-epipe';
import { runCommand } from './terminal/run-command';
import { UsageError } from './terminal/usage-error';

handleEpipe();

await runCommand('opt-outs', OPT_OUTS_OPTIONS, async ({ words, signal }) => {
  const command = parseOptOutsCommand(words);
  const screen = new ConsoleOutput(process.stdout);
  if (command.name === 'help') {
    screen.line(OPT_OUTS_HELP);
    return 0;
  }
  const directory = process.cwd();
  const environment = withDotEnv(directory, process.env);
  const { name, local } = command;
  if (name === 'list') {
    const { replica, optOuts } = await open();
    await showOptOuts({ replica, optOuts }, screen, command.csv);
    return 0;
  }
  if (!command.yes && !(process.stdin.isTTY && process.stdout.isTTY)) {
    throw new UsageError('Not an interactive terminal: add --yes to lift without confirmation');
  }
  const approval = approvalFor({ yes: command.yes, dryRun: false }, signal, 'no');
  const { replica, optOuts, startSync } = await open();
  return runLift({
    address: command.address,
    reason: command.reason,
    stores: { replica, optOuts },
    startSync,
    country: country(),
    screen,
    approval,
    now: Date.now,
    newId: () => `lift-${randomUUID()}`,
  });

  async function open(): Promise<ServiceStores> {
    if (local) return openLocalStores({ environment, directory, defaultCountry: country() });
    const configuration = readConfiguration(environment);
    const stack = await readStackStatus(STACK_NAME);
    if (stack === null) throw noStack();
    const stores = deployedStores(stack, configuration);
    if (stores === null) throw noReplica();
    return stores;
  }

  /** The default country of a number without a country code. `npm start` needs no other setting. */
  function country(): CountryCode {
    const code = environment['DEFAULT_COUNTRY']?.trim().toUpperCase() ?? '';
    return isSupportedCountry(code) ? code : 'US';
  }
});
