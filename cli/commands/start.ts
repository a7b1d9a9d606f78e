import { type Command, Option } from 'commander';

interface StartOptions {
  readonly reset?: boolean;
  readonly live?: boolean;
  readonly urls?: boolean;
  readonly json?: boolean;
}

export function addStartCommand(program: Command, signal: AbortSignal): void {
  program
    .command('start')
    .summary('run the service on this machine')
    .description(
      'Runs the service on this machine: the callbacks, and the sync of the replica. By default with emulators of ' +
        'Airtable and Twilio and a demo team; nothing leaves this machine.',
    )
    .option('--reset', "restore the demo team's original data")
    .addOption(
      new Option(
        '--live',
        'use the real Airtable and Twilio of .env; with PUBLIC_BASE_URL, the URL of a tunnel to this machine, Twilio ' +
          'can call it. Creates a webhook in the base, and stores customers and opt-outs in .frontline/dynamodb',
      ).conflicts('reset'),
    )
    .option('--json', "print the functions' log lines as JSON")
    .addOption(
      new Option('--urls', 'print the addresses of the running npm start, and end').conflicts([
        'live',
        'reset',
      ]),
    )
    .addHelpText(
      'after',
      '\nThe callbacks listen on PORT (5001), the emulators on the next five ports, all on 127.0.0.1 only. ' +
        'Saved changes in lambdas/ are loaded at once.',
    )
    .action(async ({ reset = false, live = false, urls = false, json = false }: StartOptions) => {
      const { runStart, showUrls } = await import('../start/run-start');
      const directory = process.cwd();
      if (urls) await showUrls(directory, json);
      else await runStart({ reset, live, json, directory, signal });
    });
}
