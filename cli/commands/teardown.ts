import type { Command } from 'commander';
import { withDotEnv } from '../../lib/deployment-configuration';
import { approvalFor } from '../plan/apply';
import { ConsoleOutput } from '../terminal/console-output';
import { DRY_RUN, YES } from './shared-options';

interface TeardownOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function addTeardownCommand(program: Command, signal: AbortSignal): void {
  program
    .command('teardown')
    .summary('remove what setup created, except the opt-outs')
    .description(
      "Removes what setup created: Twilio's webhooks and autocreation, Airtable's webhook, then the stack with its\n" +
        'functions, replica, logs and secret. The opt-outs stay in their table. The base, the numbers, the ' +
        'conversations, .env and the settings of other integrations are not changed.',
    )
    .option(...YES)
    .option(...DRY_RUN)
    .action(async ({ yes = false, dryRun = false }: TeardownOptions) => {
      const { tearDown } = await import('../teardown/tear-down');
      process.exitCode = await tearDown({
        environment: withDotEnv(process.cwd(), process.env),
        screen: new ConsoleOutput(process.stdout),
        approval: approvalFor({ yes, dryRun }, signal, 'no'),
        signal,
      });
    });
}
