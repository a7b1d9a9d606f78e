import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import type { Environment } from '../../lambdas/config';
import type { CountryCode } from '../../lambdas/phone-number/address';
import { withDotEnv } from '../../lib/deployment-configuration';
import { approvalFor } from '../plan/apply';
import type { ServiceStores } from '../replica/open-stores';
import { ConsoleOutput } from '../terminal/console-output';
import { parseText, YES } from './shared-options';

interface ListOptions {
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly local?: boolean;
}

interface LiftOptions {
  readonly reason: string;
  readonly yes?: boolean;
  readonly local?: boolean;
}

const LOCAL = ['--local', 'of npm start in this folder, in place of the deployed service'] as const;

export function addOptOutsCommand(program: Command, signal: AbortSignal): void {
  const optOuts = program
    .command('opt-outs')
    .summary('list the opted-out addresses, or lift an opt-out')
    .description(
      'Lists the addresses that must not be written to, and lifts opt-outs. Opt-outs are stored in their own table, as ' +
        'the proof of who sent STOP and when; unticking opt_out in Airtable does not lift them.',
    );
  optOuts
    .command('list')
    .description('Lists every opted-out address, with the time and the keyword.')
    .option('--csv', 'print a CSV file')
    .addOption(new Option('--json', 'print JSON').conflicts('csv'))
    .option(...LOCAL)
    .action(async ({ csv = false, json = false, local = false }: ListOptions) => {
      const { showOptOuts } = await import('../opt-outs/list-opt-outs');
      const stores = await openStores(withDotEnv(process.cwd(), process.env), local);
      await showOptOuts(stores, new ConsoleOutput(process.stdout), csv ? 'csv' : json ? 'json' : 'table');
    });
  optOuts
    .command('lift')
    .argument('<address>', 'a number such as +14155550123, or an address as the list shows it')
    .description("Lifts an address's opt-outs on every channel.")
    .requiredOption(
      '--reason <text>',
      'stored with the event, as the proof of who decided: "asked by phone"',
      parseText,
    )
    .option(...YES)
    .option(...LOCAL)
    .action(async (address: string, { reason, yes = false, local = false }: LiftOptions) => {
      const approval = approvalFor({ yes, dryRun: false }, signal, 'no');
      const { runLift } = await import('../opt-outs/lift-opt-out');
      const environment = withDotEnv(process.cwd(), process.env);
      const { replica, optOuts: events, startSync } = await openStores(environment, local);
      process.exitCode = await runLift({
        address,
        reason,
        stores: { replica, optOuts: events },
        startSync,
        country: await defaultCountry(environment),
        screen: new ConsoleOutput(process.stdout),
        approval,
        now: Date.now,
        newId: () => `lift-${randomUUID()}`,
      });
    });
}

async function openStores(environment: Environment, local: boolean): Promise<ServiceStores> {
  if (local) {
    const { openLocalStores } = await import('../opt-outs/opt-out-stores');
    return openLocalStores(process.cwd(), await defaultCountry(environment));
  }
  const { openDeployedStores } = await import('../opt-outs/opt-out-stores');
  return openDeployedStores(environment);
}

/** The default country of a number without a country code. `npm start` needs no other setting. */
async function defaultCountry(environment: Environment): Promise<CountryCode> {
  const { isSupportedCountry } = await import('libphonenumber-js/min');
  const code = environment['DEFAULT_COUNTRY']?.trim().toUpperCase() ?? '';
  return isSupportedCountry(code) ? code : 'US';
}
