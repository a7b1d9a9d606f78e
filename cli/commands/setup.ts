import { type Command, Option } from 'commander';
import { withDotEnv } from '../../lib/deployment-configuration';
import { approvalFor } from '../plan/apply';
import { ConsoleOutput } from '../terminal/console-output';
import { DRY_RUN, YES } from './shared-options';

interface SetupOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly sampleRows?: boolean;
  readonly import?: string;
  readonly replaceExisting?: boolean;
  readonly takeOver?: boolean;
  readonly inbox?: boolean;
  readonly urls?: boolean;
}

export function addSetupCommand(program: Command, signal: AbortSignal): void {
  program
    .command('setup')
    .summary('configure Airtable, AWS and Twilio, and deploy')
    .description(
      'Sets up the service: configuration, Airtable, AWS, the inbox if there is one, Twilio. Finds what is up to date, shows each change, and asks ' +
        'before it applies it. Can be interrupted and run again at any time.',
    )
    .option(...YES)
    .option(...DRY_RUN)
    .option('--sample-rows', 'add a few sample customers and templates to an empty base')
    .option(
      '--import <file>',
      'import customers from a CSV file, as frontline import does without the rest of setup',
    )
    .option('--replace-existing', "also replace another integration's settings at Twilio")
    .addOption(new Option('--take-over').hideHelp())
    .option('--inbox', "also deploy the workers' inbox; from then on, every setup keeps it up to date")
    .option('--urls', 'only print the URLs to paste into the Twilio console')
    .action(async ({ yes = false, dryRun = false, urls = false, ...options }: SetupOptions) => {
      if (urls) {
        const { showUrls } = await import('../setup/manual-steps');
        await showUrls(withDotEnv(process.cwd(), process.env), new ConsoleOutput(process.stdout));
        return;
      }
      const { setUp } = await import('../setup/set-up');
      process.exitCode = await setUp({
        options: {
          sampleRows: options.sampleRows ?? false,
          replaceExisting: options.replaceExisting ?? options.takeOver ?? false,
          importFile: options.import ?? null,
          inbox: options.inbox ?? false,
        },
        directory: process.cwd(),
        screen: new ConsoleOutput(process.stdout),
        approval: approvalFor({ yes, dryRun }, signal),
        signal,
      });
    });
}
