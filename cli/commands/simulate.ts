import { type Command, Option } from 'commander';
import { ConsoleOutput } from '../terminal/console-output';

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
  readonly channel?: string;
  readonly body: string;
  readonly json?: boolean;
}

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
  const add = (name: string, description: string) =>
    simulate
      .command(name)
      .description(description)
      .requiredOption('--body <text>', 'the text of the message')
      .option('--json', 'print the result as JSON');
  add('inbound', 'A customer sends a message.')
    .requiredOption('--from <address>', "the customer's number, with whatsapp: in front for WhatsApp")
    .option('--to <address>', "the service's number (default: its first one of the channel)")
    .action(async ({ from: From, to: To, body: Body, json }: InboundOptions) => {
      const { send } = await openSimulator(json);
      process.exitCode = await send('inbound', { From, ...(To !== undefined && { To }), Body });
    });
  add('worker-message', 'A worker replies in the app.')
    .requiredOption('--worker <identity>', 'who writes')
    .requiredOption('--conversation <sid>', 'the conversation: CH…')
    .action(async ({ worker, conversation, body: Body, json }: WorkerMessageOptions) => {
      const { send } = await openSimulator(json);
      const form = { Identity: worker, ConversationSid: conversation, Body };
      process.exitCode = await send('worker-message', form);
    });
  add('conversation', 'A worker starts a conversation with a customer in the app.')
    .requiredOption('--worker <identity>', 'who starts it')
    .requiredOption('--customer <id>', "the customer's id")
    .addOption(
      new Option('--channel <name>', "(default: the customer's first channel)").choices(['sms', 'whatsapp']),
    )
    .action(async ({ worker, customer, channel, body: Body, json }: ConversationOptions) => {
      const { send, addressesOf } = await openSimulator(json);
      const addresses = await addressesOf(customer, worker, channel);
      process.exitCode = await send('conversation', { Identity: worker, ...addresses, Body });
    });
}

async function openSimulator(json = false) {
  const simulator = await import('../simulate/simulator');
  return simulator.openSimulator(process.cwd(), json ? null : new ConsoleOutput(process.stdout));
}
