import ms, { type StringValue } from 'ms';
import { CALLBACK_NAMES } from '../../lambdas/twilio/callbacks';
import { FUNCTION_NAMES, type FunctionName } from '../aws/function-name';
import { parseWords } from '../terminal/parse-args';
import { UsageError } from '../terminal/usage-error';
import type { LogFilter } from './log-filter';

export const LOGS_HELP = `Shows the responses of the callbacks: worker, customer, status, time and errors.

  npm run logs                              the last hour
  npm run logs -- --conversation CH…        all about one conversation
  npm run logs -- --worker ana@example.com  all that one worker did
  npm run logs -- --customer 541            all about one customer, by the id that Frontline sees
  npm run logs -- --callback routing        one of ${CALLBACK_NAMES.join(', ')};
                                            also sync and airtable-webhook, which are not shown else
  npm run logs -- --errors                  only what was refused or failed, and crashes
  npm run logs -- --since 7d                from how long ago: 30m, 12h, 7d (1h)
  npm run logs -- --follow                  and then goes on as it happens, until Ctrl-C
  npm run logs -- --local                   of npm start on this machine, not of the deployed functions
  npm run logs -- --json                    the lines as they were written, for machines: npm run --silent logs -- --json

They can be put together. Times are those of this machine.`;

/** Options of `npm run logs` that npm itself would consume. */
export const LOGS_OPTIONS = [
  'conversation',
  'worker',
  'customer',
  'callback',
  'errors',
  'since',
  'follow',
  'local',
  'json',
];

export interface LogsOptions {
  readonly filter: LogFilter;
  /** How many milliseconds back. */
  readonly backMs: number;
  readonly follow: boolean;
  readonly local: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** Parses the arguments after `npm run logs --`. @throws {UsageError} naming the invalid argument. */
export function parseLogsOptions(words: readonly string[]): LogsOptions {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const values = parseWords(
    words,
    {
      conversation: text,
      worker: text,
      customer: text,
      callback: text,
      since: { ...text, default: '1h' },
      errors: flag,
      follow: { ...flag, short: 'f' },
      local: flag,
      json: flag,
      help: { ...flag, short: 'h' },
    },
    LOGS_HELP,
  );
  return {
    filter: {
      conversation: values.conversation === undefined ? null : conversationSid(values.conversation),
      worker: values.worker === undefined ? null : given('worker', values.worker),
      customer: values.customer === undefined ? null : given('customer', values.customer),
      callback: values.callback === undefined ? null : functionName(values.callback),
      errors: values.errors,
    },
    backMs: duration(values.since),
    follow: values.follow,
    local: values.local,
    json: values.json,
    help: values.help,
  };
}

function given(option: string, value: string): string {
  const text = value.trim();
  if (text === '') throw new UsageError(`--${option} is blank`);
  return text;
}

function conversationSid(value: string): string {
  const sid = value.trim();
  if (/^CH[0-9a-fA-F]{32}$/.test(sid)) return sid;
  throw new UsageError(`--conversation ${value} is not a conversation SID: CH and 32 hexadecimal digits`);
}

function functionName(value: string): FunctionName {
  const name = FUNCTION_NAMES.find((each) => each === value);
  if (name !== undefined) return name;
  throw new UsageError(`--callback ${value} is unknown; expected one of ${FUNCTION_NAMES.join(', ')}`);
}

function duration(value: string): number {
  const milliseconds = isDuration(value) ? ms(value) : Number.NaN;
  if (milliseconds > 0) return milliseconds;
  throw new UsageError(`--since ${value} is not a duration such as 30m, 12h or 7d`);
}

/** With its unit, because a bare number would be milliseconds, which is never meant. */
function isDuration(value: string): value is StringValue {
  return /^\d+(\.\d+)? ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)$/i.test(value);
}
