import * as v from 'valibot';

/** The reason of a failure, in words; what caused it is of the same form. */
const Failure = v.looseObject({
  name: v.optional(v.string(), ''),
  message: v.optional(v.string(), ''),
  stack: v.optional(v.string(), ''),
  cause: v.optional(v.unknown()),
});

const count = v.optional(v.number(), 0);
const word = v.optional(v.string(), '');

/** The line that is written for each answer. */
const AnswerLine = v.looseObject({
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
export type AnswerLine = v.InferOutput<typeof AnswerLine>;

/** What `sync` writes of each run. */
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
const AnswerText = v.pipe(v.string(), v.parseJson(), AnswerLine);
const MetricText = v.pipe(v.string(), v.parseJson(), v.looseObject({ _aws: v.unknown() }));

/** What Lambda says of every request, beside what the function says. */
const OF_LAMBDA = /^(START|END|REPORT|INIT_START|EXTENSION)\b/;

/** What a line of a function's log is. */
export type LogLine =
  | { readonly kind: 'answer'; readonly answer: AnswerLine }
  | { readonly kind: 'run'; readonly run: RunLine }
  /** None of ours: a crash, a time-out, a warning of Node's. */
  | { readonly kind: 'other' }
  /** Lambda's book-keeping and metrics: nothing that a person reads. */
  | { readonly kind: 'noise' };

/** Reads a line of a function's log. */
export function readLogLine(text: string): LogLine {
  if (OF_LAMBDA.test(text) || text.trim() === '') return { kind: 'noise' };
  if (!text.startsWith('{')) return { kind: 'other' };
  const answer = v.safeParse(AnswerText, text);
  if (answer.success) return { kind: 'answer', answer: answer.output };
  const run = v.safeParse(RunText, text);
  if (run.success) return { kind: 'run', run: run.output };
  return { kind: v.is(MetricText, text) ? 'noise' : 'other' };
}

/** A failure and what caused it, a line each, and the stack where nobody foresaw it. */
export function failureLines({ failure }: Pick<AnswerLine, 'failure'>): readonly string[] {
  return failure === undefined ? [] : causes(failure, '');
}

function causes({ name, message, stack, cause }: v.InferOutput<typeof Failure>, before: string): string[] {
  const own = stack === '' ? [before + [name, message].filter(Boolean).join(': ')] : [before + stack];
  const parsed = v.safeParse(Failure, cause);
  return cause === undefined || !parsed.success ? own : [...own, ...causes(parsed.output, 'caused by ')];
}
