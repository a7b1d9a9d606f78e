import * as v from 'valibot';
import type { FunctionName } from '../../lib/function-names';

/** The message of a failure; its cause has the same form. */
const Failure = v.looseObject({
  name: v.optional(v.string(), ''),
  message: v.optional(v.string(), ''),
  stack: v.optional(v.string(), ''),
  cause: v.optional(v.unknown()),
});

const count = v.optional(v.number(), 0);
const word = v.optional(v.string(), '');

/** The log line of each response. */
const ResponseLine = v.looseObject({
  callback: v.string(),
  status: v.number(),
  timestamp: v.pipe(v.string(), v.isoTimestamp()),
  milliseconds: v.number(),
  location: word,
  event: word,
  worker: word,
  customerId: word,
  conversationSid: word,
  coldStart: v.optional(v.boolean(), false),
  airtableRequests: count,
  twilioRequests: count,
  warnings: v.optional(v.array(v.string()), []),
  failure: v.optional(Failure),
});
export type ResponseLine = v.InferOutput<typeof ResponseLine>;

/** The log line of each run of `sync`. */
const RunLine = v.object({
  message: v.literal('sync ran'),
  timestamp: v.string(),
  kind: word,
  passReason: word,
  milliseconds: count,
  airtableRequests: count,
  recordsRead: count,
  customersWritten: count,
  customersDeleted: count,
  optOutsWaiting: count,
  warnings: v.optional(v.array(v.string()), []),
  failure: v.optional(Failure),
});
export type RunLine = v.InferOutput<typeof RunLine>;

const RunText = v.pipe(v.string(), v.parseJson(), RunLine);
const ResponseText = v.pipe(v.string(), v.parseJson(), ResponseLine);
const MetricText = v.pipe(v.string(), v.parseJson(), v.looseObject({ _aws: v.unknown() }));

/** Lambda's own line of every request, beside the function's. */
const OF_LAMBDA = /^(START|END|REPORT|INIT_START|EXTENSION)\b/;

/** A parsed line of a function's log. */
export type LogLine =
  | { readonly kind: 'response'; readonly response: ResponseLine }
  | { readonly kind: 'run'; readonly run: RunLine }
  /** A line of other origin: a crash, a timeout, a warning of Node's. */
  | { readonly kind: 'other' }
  /** Lambda's bookkeeping and metrics, which are not shown. */
  | { readonly kind: 'noise' };

/** Parses a line of a function's log. */
export function readLogLine(text: string): LogLine {
  if (OF_LAMBDA.test(text) || text.trim() === '') return { kind: 'noise' };
  if (!text.startsWith('{')) return { kind: 'other' };
  const response = v.safeParse(ResponseText, text);
  if (response.success) return { kind: 'response', response: response.output };
  const run = v.safeParse(RunText, text);
  if (run.success) return { kind: 'run', run: run.output };
  return { kind: v.is(MetricText, text) ? 'noise' : 'other' };
}

/** A failure and its causes, a line each, with the stack if the failure was not foreseen. */
export function failureLines({ failure }: Pick<ResponseLine, 'failure'>): readonly string[] {
  return failure === undefined ? [] : causes(failure, '');
}

function causes({ name, message, stack, cause }: v.InferOutput<typeof Failure>, before: string): string[] {
  const own = stack === '' ? [before + [name, message].filter(Boolean).join(': ')] : [before + stack];
  const parsed = v.safeParse(Failure, cause);
  return cause === undefined || !parsed.success ? own : [...own, ...causes(parsed.output, 'caused by ')];
}

/** A line of a function's log, verbatim. */
export interface LogEvent {
  /** Stable: the same event has the same id whenever it is read. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The callback whose log it is in; null if the source does not show that. */
  readonly callback: FunctionName | null;
  readonly text: string;
}

/** A source of the functions' logs. */
export interface LogSource {
  /** Its name in messages. */
  readonly place: string;
  /** How many milliseconds after it happened an event may still arrive. */
  readonly lateByMs: number;
  /** Everything written since then, oldest first. @throws {KnownError} */
  read(since: number, signal: AbortSignal): Promise<readonly LogEvent[]>;
}
