import type { styleText } from 'node:util';
import { type AnswerLine, failureLines, type LogLine } from './log-line';
import type { LogEvent } from './log-source';

/** As wide as a callback with its question is, as a rule. */
const WIDEST = 39;

/** Puts colour on a text, where the place that it is for has any. */
export type Styled = (style: Parameters<typeof styleText>[0], text: string) => string;

/** An event as a person reads it: when, how it went, who asked for what, what it cost; below it what was odd. */
export function describeEvent(event: LogEvent, line: LogLine, styled: Styled): string {
  if (line.kind !== 'answer') {
    const from = event.callback === null ? '' : `${event.callback} `;
    return `${styled('dim', localTime(event.at))}  ${styled('yellow', '!')} ${from}${setIn(event.text)}`;
  }
  const { answer } = line;
  const below = [...failureLines(answer), ...answer.warnings.map((warning) => `warning: ${warning}`)];
  return [headline(answer, event.at, styled), ...below.map((text) => `    ${setIn(text)}`)].join('\n');
}

function headline(answer: AnswerLine, at: number, styled: Styled): string {
  const { status, callback, location, event, milliseconds } = answer;
  const mark = status < 400 ? styled('green', `✓ ${status}`) : styled('red', `✗ ${status}`);
  // Routing has only one question, and no name for it.
  const asked = location || event || '';
  const what = [callback, asked].filter(Boolean).join(' ').padEnd(WIDEST);
  const [subject, cost] = [subjectOf(answer), costOf(answer)];
  const words = [
    styled('dim', localTime(at)),
    mark,
    what,
    ...subject,
    styled('dim', `${milliseconds} ms${cost}`),
  ];
  return words.join('  ');
}

function subjectOf({ worker, customerId, conversationSid }: AnswerLine): readonly string[] {
  return [worker, customerId && `customer ${customerId}`, conversationSid].filter((text) => text !== '');
}

function costOf({ airtableRequests, twilioRequests, coldStart }: AnswerLine): string {
  return [
    airtableRequests > 0 ? `, Airtable ${airtableRequests}` : '',
    twilioRequests > 0 ? `, Twilio ${twilioRequests}` : '',
    coldStart ? ', cold start' : '',
  ].join('');
}

/** `2026-11-23 10:00:00`, where the reader is. */
export function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** A text of several lines, the further ones set in below the first. */
function setIn(text: string): string {
  return text.replaceAll('\n', '\n    ');
}
