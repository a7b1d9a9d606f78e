import { type Command, Option } from 'commander';
import type { Simulation } from '../simulate/run-simulation';

interface InboundOptions {
  readonly from: string;
  readonly to?: string;
  readonly body: string;
  readonly json?: boolean;
}

interface WorkerMessageOptions {
  readonly worker: string;
  readonly conversation: string;
  readonly body: string;
  readonly json?: boolean;
}

interface ConversationOptions {
  readonly worker: string;
  readonly customer: string;
  readonly channel?: 'sms' | 'whatsapp';
  readonly body: string;
  readonly json?: boolean;
}

const JSON_OPTION = ['--json', 'print the result as JSON'] as const;

export function addSimulateCommand(program: Command): void {
  const simulate = program
    .command('simulate')
    .summary('act as a customer or a worker, with the emulators of npm start')
    .description(
      'Acts as a customer or a worker, with the emulators of the npm start in this folder. Prints the callbacks that ' +
        'Twilio sent, their statuses, and the conversation.',
    )
    .addHelpText(
      'after',
      `
Examples
  npx frontline simulate inbound --from +16285550101 --body Hello
  npx frontline simulate worker-message --worker ana@example.com --conversation CH… --body "How can I help?"
  npx frontline simulate conversation --worker chloe@example.com --customer 98 --body "Your order is here"`,
    );
  simulate
    .command('inbound')
    .description('A customer sends a message.')
    .requiredOption('--from <address>', "the customer's number, with whatsapp: in front for WhatsApp")
    .option('--to <address>', "the service's number (default: its first one of the channel)")
    .requiredOption('--body <text>', 'the text of the message')
    .option(...JSON_OPTION)
    .action(({ json, ...message }: InboundOptions) => run({ kind: 'inbound', ...message }, json));
  simulate
    .command('worker-message')
    .description('A worker replies in the app.')
    .requiredOption('--worker <identity>', 'who writes')
    .requiredOption('--conversation <sid>', 'the conversation: CH…')
    .requiredOption('--body <text>', 'the text of the message')
    .option(...JSON_OPTION)
    .action(({ json, ...message }: WorkerMessageOptions) =>
      run({ kind: 'worker-message', ...message }, json),
    );
  simulate
    .command('conversation')
    .description('A worker starts a conversation with a customer in the app.')
    .requiredOption('--worker <identity>', 'who starts it')
    .requiredOption('--customer <id>', "the customer's id")
    .addOption(
      new Option('--channel <name>', "(default: the customer's first channel)").choices(['sms', 'whatsapp']),
    )
    .requiredOption('--body <text>', 'the text of the first message')
    .option(...JSON_OPTION)
    .action(({ json, ...start }: ConversationOptions) => run({ kind: 'conversation', ...start }, json));
}

async function run(simulation: Simulation, json = false): Promise<void> {
  const { runSimulation } = await import('../simulate/run-simulation');
  process.exitCode = await runSimulation(simulation, { directory: process.cwd(), json });
}
