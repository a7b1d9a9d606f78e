import type { Command } from 'commander';
import { withDotEnv } from '../../lib/deployment-configuration';
import { approvalFor } from '../plan/apply';
import { ConsoleOutput } from '../terminal/console-output';
import { DRY_RUN, YES } from './shared-options';

interface TeardownOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly inbox?: boolean;
}

export function addTeardownCommand(program: Command, signal: AbortSignal): void {
  program
    .command('teardown')
    .summary('remove what setup created, except the opt-outs and the index of the inbox')
    .description(
      "Removes what setup created: the inbox, Twilio's webhooks and autocreation, Airtable's webhook, then the stack with\n" +
        'its functions, replica, logs and secret. The opt-outs and the index of the inbox stay in their tables. The base, the numbers, the ' +
        'conversations, .env and the settings of other integrations are not changed.',
    )
    .option(...YES)
    .option(...DRY_RUN)
    .option('--inbox', 'remove only the inbox, and turn it off in .env')
    .action(async ({ yes = false, dryRun = false, inbox = false }: TeardownOptions) => {
      const place = {
        environment: withDotEnv(process.cwd(), process.env),
        screen: new ConsoleOutput(process.stdout),
        approval: approvalFor({ yes, dryRun }, signal, 'no'),
        signal,
      };
      if (inbox) {
        const { tearDownInbox } = await import('../teardown/tear-down-inbox');
        process.exitCode = await tearDownInbox(place, process.cwd());
        return;
      }
      const { tearDown } = await import('../teardown/tear-down');
      process.exitCode = await tearDown(place);
    });
}
