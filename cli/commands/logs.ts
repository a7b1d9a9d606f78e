import { type Command, InvalidArgumentError, Option } from 'commander';
import ms, { type StringValue } from 'ms';
import { sidPattern } from '../../lambdas/twilio/sids';
import { FUNCTION_NAMES } from '../../lib/function-names';
import type { LogsOptions } from '../logs/show-logs';
import { ConsoleOutput } from '../terminal/console-output';
import { parseText } from './shared-options';

export function addLogsCommand(program: Command, signal: AbortSignal): void {
  defineLogsOptions(program.command('logs')).action(async (options: LogsOptions) => {
    const { showLogs } = await import('../logs/show-logs');
    const screen = new ConsoleOutput(process.stdout);
    const width = process.stdout.columns ?? Number.POSITIVE_INFINITY;
    await showLogs(options, { directory: process.cwd(), screen, width, signal });
  });
}

export function defineLogsOptions(command: Command): Command {
  return command
    .summary('show the responses of the callbacks and of the inbox, and errors')
    .description(
      'Shows the response of each callback, and each request and event of the inbox: worker, customer, status, duration, errors and warnings. ' +
        'Options can be combined. Times are in the time zone of this machine.',
    )
    .option('--conversation <sid>', 'only one conversation: CH…', parseConversationSid)
    .option('--worker <identity>', 'only one worker', parseText)
    .option('--customer <id>', 'only one customer, by the id that Frontline uses', parseText)
    .addOption(
      new Option(
        '--callback <name>',
        'only one function; sync and airtable-webhook are left out otherwise',
      ).choices(FUNCTION_NAMES),
    )
    .option('--errors', 'only rejected and failed requests, and crashes')
    .addOption(
      new Option('--since <duration>', 'how far back: 30m, 12h, 7d')
        .argParser(parseDuration)
        .default(ms('1h'), '1h'),
    )
    .option('-f, --follow', 'continue until Ctrl-C')
    .option('--local', 'the log of npm start in this folder, in place of the deployed functions')
    .option('--json', 'print the log lines as JSON');
}

function parseConversationSid(value: string): string {
  const sid = value.trim();
  if (sidPattern('CH').test(sid)) return sid;
  throw new InvalidArgumentError('Expected a conversation SID: CH and 32 hexadecimal digits.');
}

function parseDuration(value: string): number {
  const milliseconds = isDuration(value) ? ms(value) : Number.NaN;
  if (milliseconds > 0) return milliseconds;
  throw new InvalidArgumentError('Expected a duration such as 30m, 12h or 7d.');
}

/** With its unit, because a bare number would be milliseconds, which is never meant. */
function isDuration(value: string): value is StringValue {
  return /^\d+(\.\d+)? ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)$/i.test(value);
}
