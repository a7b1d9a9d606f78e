import type { Command } from 'commander';
import { withDotEnv } from '../../lib/deployment-configuration';
import { approvalFor } from '../plan/apply';
import { ConsoleOutput } from '../terminal/console-output';
import { DRY_RUN, parseText, YES } from './shared-options';

interface OktaOptions {
  readonly user?: readonly string[];
  readonly group?: readonly string[];
  readonly label?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

const append = (value: string, earlier: readonly string[] = []) => [...earlier, parseText(value)];

export function addOktaCommand(program: Command, signal: AbortSignal): void {
  program
    .command('okta')
    .summary('create the Okta application for logging in to Frontline')
    .description(
      'Creates the Okta application with which users log in to Frontline, assigns users and groups to it, and prints ' +
        'the values to paste into Twilio. Can be interrupted and run again at any time.',
    )
    .option('--user <login>', 'a user to assign, by login or e-mail address; can be repeated', append)
    .option('--group <name>', 'a group to assign, by name or id; can be repeated', append)
    .option('--label <text>', "the application's name in Okta", parseText)
    .option(...YES)
    .option(...DRY_RUN)
    .addHelpText(
      'after',
      `
Assigned users get the user type "agent" in their profiles; Frontline requires it.

From the environment or .env, else prompted for:
  SSO_REALM_SID   JB…, from Twilio Console > Frontline > Manage > SSO/Log in
  OKTA_ORG_URL    such as https://acme.okta.com
  OKTA_API_TOKEN  from Okta admin > Security > API > Tokens; rather type it at the prompt than keep it in a file`,
    )
    .action(async ({ user: users = [], group: groups = [], label, ...options }: OktaOptions) => {
      const { setUpOkta } = await import('../okta/setup-okta');
      const { yes = false, dryRun = false } = options;
      process.exitCode = await setUpOkta({
        options: { users, groups, label: label ?? null, yes },
        environment: withDotEnv(process.cwd(), process.env),
        screen: new ConsoleOutput(process.stdout),
        approval: approvalFor({ yes, dryRun }, signal),
        signal,
      });
    });
}
