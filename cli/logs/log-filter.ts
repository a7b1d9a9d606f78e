import { RequestLog } from '../../lambdas/telemetry/request-log';
import type { FunctionName } from '../aws/function-name';
import type { LogLine } from './log-line';
import type { LogEvent } from './log-source';

/** What is to be shown; null for whatever it is. */
export interface LogFilter {
  readonly conversation: string | null;
  readonly worker: string | null;
  readonly customer: string | null;
  readonly callback: FunctionName | null;
  /** Only what was answered with 400 and more, or not answered at all. */
  readonly errors: boolean;
}

/** Whether the event is to be shown. Lines that are none of ours say nothing of any conversation, worker or customer. */
export function isWanted(filter: LogFilter, event: LogEvent, line: LogLine): boolean {
  if (line.kind === 'noise') return false;
  const subject = subjectOf(filter);
  if (line.kind === 'other') {
    return subject.length === 0 && (filter.callback === null || filter.callback === event.callback);
  }
  if (line.kind === 'run') {
    const hasFailed = line.run.failure !== undefined;
    // One comes every few minutes: those that went well are for who asks for them.
    const isMeant = filter.callback === 'sync' || (filter.callback === null && hasFailed);
    return subject.length === 0 && isMeant && (!filter.errors || hasFailed);
  }
  const { answer } = line;
  return (
    (filter.callback === null || filter.callback === answer.callback) &&
    (!filter.errors || answer.status >= 400) &&
    subject.every(([field, value]) => answer[field] === value)
  );
}

/**
 * The filter as CloudWatch takes it, which may let through more than it should and nothing less: a value is given up
 * to the first character that could mean something there. Null where there is nothing that it could filter by,
 * or where lines that are no JSON are wanted too.
 */
export function cloudWatchPattern(filter: LogFilter): string | null {
  const subject = subjectOf(filter).map(([field, value]) => {
    const plain = /^[\w@.+-]*/.exec(value)?.[0] ?? '';
    return `($.${field} = "${plain}${plain === value ? '' : '*'}")`;
  });
  if (subject.length === 0) return null;
  return `{ ${[...subject, ...(filter.errors ? ['($.status >= 400)'] : [])].join(' && ')} }`;
}

/** What was looked for, in words: `nothing by ana@example.com`. */
export function filterInWords(filter: LogFilter): string {
  const of = [
    ...(filter.callback === null ? [] : [`of ${filter.callback}`]),
    ...(filter.conversation === null ? [] : [`about the conversation ${filter.conversation}`]),
    ...(filter.worker === null ? [] : [`by ${filter.worker}`]),
    ...(filter.customer === null ? [] : [`about the customer ${filter.customer}`]),
  ];
  return [filter.errors ? 'no errors' : 'nothing', ...of].join(' ');
}

type SubjectField = 'conversationSid' | 'worker' | 'customerId';

/** What the lines must say of whom they are about, as it is written there: with numbers masked. */
function subjectOf({ conversation, worker, customer }: LogFilter): readonly [SubjectField, string][] {
  const journal = new RequestLog();
  if (conversation !== null) journal.about({ conversationSid: conversation });
  if (worker !== null) journal.about({ worker });
  if (customer !== null) journal.about({ customerId: customer });
  const { conversationSid, worker: asLogged, customerId } = journal.entry();
  return [
    ...field('conversationSid', conversationSid),
    ...field('worker', asLogged),
    ...field('customerId', customerId),
  ];
}

function field(name: SubjectField, value: string | undefined): [SubjectField, string][] {
  return value === undefined ? [] : [[name, value]];
}
