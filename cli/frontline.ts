import { readFileSync } from 'node:fs';
import { addCallbackCommand } from './commands/callback';
import { addDoctorCommand } from './commands/doctor';
import { addImportCommand } from './commands/import';
import { addInboxCommand } from './commands/inbox';
import { addLogsCommand } from './commands/logs';
import { addOktaCommand } from './commands/okta';
import { addOptOutsCommand } from './commands/opt-outs';
import { addSetupCommand } from './commands/setup';
import { addSimulateCommand } from './commands/simulate';
import { addStartCommand } from './commands/start';
import { addTeardownCommand } from './commands/teardown';
import { runProgram } from './terminal/run-program';

await runProgram(process.argv.slice(2), (program, signal) => {
  program
    .name('frontline')
    .version(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
    .description('Runs, sets up and inspects the Frontline integration service with an Airtable base.')
    .addHelpText(
      'after',
      '\nExit status: 0 on success; 1 on failure or when manual steps remain; 2 on usage errors; 130 when interrupted.',
    );
  addStartCommand(program, signal);
  addCallbackCommand(program);
  addSimulateCommand(program);
  addSetupCommand(program, signal);
  addDoctorCommand(program, signal);
  addImportCommand(program, signal);
  addLogsCommand(program, signal);
  addInboxCommand(program, signal);
  addOptOutsCommand(program, signal);
  addOktaCommand(program, signal);
  addTeardownCommand(program, signal);
});
