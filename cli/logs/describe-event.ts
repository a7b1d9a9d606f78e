import type { styleText } from 'node:util';
import { printable, printableLine } from '../../lambdas/characters/visible-text';
import { failureLines, type LogEvent, type LogLine, type ResponseLine, type RunLine } from './log-line';

/** The usual width of a callback with its operation. */
const OPERATION_WIDTH = 39;

/** Colours a text, if the output supports colour. */
export type Styled = (style: Parameters<typeof styleText>[0], text: string) => string;

/** The output for an event. */
interface Place {
  readonly styled: Styled;
  /** In characters; infinite if lines are not wrapped. */
  readonly width: number;
  /** Whether the date is left out. @default false */
  readonly isToday?: boolean;
}

/** An event as text: time, status, caller, operation, cost; warnings below. */
export function describeEvent(event: LogEvent, line: LogLine, place: Place): string {
  const { styled } = place;
  if (line.kind === 'run') return describeRun(line.run, event.at, place);
  if (line.kind !== 'response') {
    const from = event.callback === null ? '' : `${event.callback} `;
    return `${styled('dim', timeIn(place, event.at))}  ${styled('yellow', '!')} ${from}${indent(event.text)}`;
  }
  return withDetails(headline(line.response, event.at, place), line.response);
}

/** A headline; below it, indented, why it failed and its warnings. */
function withDetails(headline: string, line: ResponseLine | RunLine): string {
  const below = [...failureLines(line), ...line.warnings.map((warning) => `warning: ${warning}`)];
  return [headline, ...below.map((text) => `    ${indent(text)}`)].join('\n');
}

/** A run of sync: its work and its outcome. */
function describeRun(run: RunLine, at: number, place: Place): string {
  const { kind, passReason, recordsRead, customersWritten, customersDeleted, optOutsWaiting } = run;
  const mark: Segment =
    run.failure === undefined ? { text: '✓', style: 'green' } : { text: '✗', style: 'red' };
  const airtable = run.airtableRequests > 0 ? `, Airtable ${run.airtableRequests}` : '';
  const waiting = optOutsWaiting > 0 ? `, ${optOutsWaiting} opt-outs waiting` : '';
  const segments: readonly Segment[] = [
    { text: timeIn(place, at), style: 'dim' },
    mark,
    { text: printableLine(['sync', kind, passReason && `(${passReason})`].filter(Boolean).join(' ')) },
    { text: `${recordsRead} read, ${customersWritten} written, ${customersDeleted} deleted${waiting}` },
    { text: `${run.milliseconds} ms${airtable}`, style: 'dim' },
  ];
  return withDetails(inLines(segments, place), run);
}

interface Segment {
  readonly text: string;
  readonly style?: Parameters<Styled>[0];
}

function headline(response: ResponseLine, at: number, place: Place): string {
  const { status, callback, location, event, milliseconds } = response;
  const mark: Segment =
    status < 400 ? { text: `✓ ${status}`, style: 'green' } : { text: `✗ ${status}`, style: 'red' };
  // Routing has only one operation, and no name for it.
  const operation = location || event || '';
  const what = printableLine([callback, operation].filter(Boolean).join(' ')).padEnd(OPERATION_WIDTH);
  const [subject, cost] = [subjectOf(response), costOf(response)];
  const segments: readonly Segment[] = [
    { text: timeIn(place, at), style: 'dim' },
    mark,
    { text: what },
    ...subject.map((text) => ({ text: printableLine(text) })),
    { text: `${milliseconds} ms${cost}`, style: 'dim' },
  ];
  return inLines(segments, place);
}

/**
 * Joins the parts on one line and continues on indented lines, because a terminal would break in the middle of a SID.
 */
function inLines(all: readonly Segment[], { styled, width }: Place): string {
  const lines: Segment[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const segments of all) {
    used += 2 + segments.text.length;
    const last = lines.at(-1);
    if (last !== undefined && used <= width) last.push(segments);
    else {
      used = (last === undefined ? 0 : 4) + segments.text.length;
      lines.push([segments]);
    }
  }
  const shown = ({ text, style }: Segment) => (style === undefined ? text : styled(style, text));
  return lines.map((line) => line.map(shown).join('  ')).join('\n    ');
}

function subjectOf({ worker, customerId, conversationSid }: ResponseLine): readonly string[] {
  return [worker, customerId && `customer ${customerId}`, conversationSid].filter((text) => text !== '');
}

function costOf({ airtableRequests, twilioRequests, coldStart }: ResponseLine): string {
  return [
    airtableRequests > 0 ? `, Airtable ${airtableRequests}` : '',
    twilioRequests > 0 ? `, Twilio ${twilioRequests}` : '',
    coldStart ? ', cold start' : '',
  ].join('');
}

function timeIn({ isToday = false }: Place, at: number): string {
  return isToday ? localTime(at).slice(11) : localTime(at);
}

/** `2026-11-23 10:00:00`, in the reader's time zone. */
export function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** A text of several lines, all but the first indented. */
function indent(text: string): string {
  return printable(text).replaceAll('\n', '\n    ');
}
