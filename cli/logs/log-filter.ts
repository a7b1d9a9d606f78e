import { RequestLog } from '../../lambdas/telemetry/request-log';
import type { FunctionName } from '../../lib/function-names';
import type { LogEvent, LogLine } from './log-line';

/** Which events to show; what is absent matches all. */
export interface LogFilter {
  readonly conversation?: string;
  readonly worker?: string;
  readonly customer?: string;
  readonly callback?: FunctionName;
  /** Only responses with status 400 and above, and requests without a response. */
  readonly errors?: boolean;
}

/** Whether to show the event. Lines of other origin belong to no conversation, worker or customer. */
export function isWanted(filter: LogFilter, event: LogEvent, line: LogLine): boolean {
  if (line.kind === 'noise') return false;
  const subject = subjectOf(filter);
  if (line.kind === 'other') {
    return subject.length === 0 && (filter.callback === undefined || filter.callback === event.callback);
  }
  if (line.kind === 'run') {
    const hasFailed = line.run.failure !== undefined;
    // Sync runs every few minutes: successful runs are shown only on request.
    const isMeant = filter.callback === 'sync' || (filter.callback === undefined && hasFailed);
    return subject.length === 0 && isMeant && (!filter.errors || hasFailed);
  }
  const { response } = line;
  const hasFailed = response.status >= 400;
  // Airtable's notifications, likewise: no worker or customer is in them.
  const isMeant =
    filter.callback === undefined
      ? hasFailed || response.callback !== 'airtable-webhook'
      : filter.callback === response.callback;
  return (
    isMeant && (!filter.errors || hasFailed) && subject.every(([field, value]) => response[field] === value)
  );
}

/**
 * The filter in CloudWatch's syntax. It may match too much but never too little: a value is cut at the first character
 * that could have a meaning there. Null if nothing can be filtered by, or if lines that are not JSON are wanted too.
 */
export function cloudWatchPattern(filter: LogFilter): string | null {
  const subject = subjectOf(filter).map(([field, value]) => {
    const plain = /^[\w@.+-]*/.exec(value)?.[0] ?? '';
    return `($.${field} = "${plain}${plain === value ? '' : '*'}")`;
  });
  if (subject.length === 0) return null;
  return `{ ${[...subject, ...(filter.errors ? ['($.status >= 400)'] : [])].join(' && ')} }`;
}

/** The filter in words: `nothing by ana@example.com`. */
export function describeFilter(filter: LogFilter): string {
  const of = [
    ...(filter.callback === undefined ? [] : [`of ${filter.callback}`]),
    ...(filter.conversation === undefined ? [] : [`about the conversation ${filter.conversation}`]),
    ...(filter.worker === undefined ? [] : [`by ${filter.worker}`]),
    ...(filter.customer === undefined ? [] : [`about the customer ${filter.customer}`]),
  ];
  return [filter.errors ? 'no errors' : 'nothing', ...of].join(' ');
}

type SubjectField = 'conversationSid' | 'worker' | 'customerId';

/** The fields that the lines must have, with numbers redacted as in the log. */
function subjectOf({ conversation, worker, customer }: LogFilter): readonly [SubjectField, string][] {
  const requestLog = new RequestLog();
  if (conversation !== undefined) requestLog.about({ conversationSid: conversation });
  if (worker !== undefined) requestLog.about({ worker });
  if (customer !== undefined) requestLog.about({ customerId: customer });
  const { conversationSid, worker: asLogged, customerId } = requestLog.entry();
  return [
    ...field('conversationSid', conversationSid),
    ...field('worker', asLogged),
    ...field('customerId', customerId),
  ];
}

function field(name: SubjectField, value: string | undefined): [SubjectField, string][] {
  return value === undefined ? [] : [[name, value]];
}
