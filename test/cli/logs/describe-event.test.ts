import { describe, expect, test } from '@jest/globals';
import { describeEvent, type Styled } from '../../../cli/logs/describe-event';
import { readLogLine } from '../../../cli/logs/log-line';

const plain: Styled = (_, text) => text;
// In the local time zone, whichever it is.
const AT = new Date(2026, 10, 3, 9, 5, 7).getTime();
const ANSWERED = {
  callback: 'crm',
  status: 200,
  timestamp: '2026-11-03T09:05:07.000Z',
  milliseconds: 12,
  airtableRequests: 0,
  twilioRequests: 0,
};

function show(line: object | string, styled = plain, width = Number.POSITIVE_INFINITY): string {
  const text = typeof line === 'string' ? line : JSON.stringify({ ...ANSWERED, ...line });
  return describeEvent({ id: '1', at: AT, callback: 'crm', text }, readLogLine(text), { styled, width });
}

/** With runs of spaces, which align the columns, collapsed to one. */
const words = (text: string) => text.replace(/ +/g, ' ');

describe('a response', () => {
  test('is one line: time, status, operation, subject and cost', () => {
    const line = {
      location: 'GetCustomerDetailsByCustomerId',
      worker: 'ana@example.com',
      customerId: '541',
      conversationSid: 'CH1',
      airtableRequests: 2,
      twilioRequests: 1,
      coldStart: true,
    };

    expect(words(show(line))).toBe(
      '2026-11-03 09:05:07 ✓ 200 crm GetCustomerDetailsByCustomerId ana@example.com customer 541 CH1 12 ms, Airtable 2, Twilio 1, cold start',
    );
  });

  test('leaves out fields without a value', () => {
    expect(words(show({ callback: 'routing', status: 404 }))).toBe('2026-11-03 09:05:07 ✗ 404 routing 12 ms');
  });

  test('has its failure, the cause of that, and its warnings below it', () => {
    const failure = { name: 'Unavailable', message: 'Airtable is down', cause: { message: 'ECONNRESET' } };

    expect(
      show({ event: 'onMessageAdd', status: 503, failure, warnings: ['one', 'two'] })
        .split('\n')
        .slice(1),
    ).toEqual([
      '    Unavailable: Airtable is down',
      '    caused by ECONNRESET',
      '    warning: one',
      '    warning: two',
    ]);
  });

  test('has the indented stack if the failure was not foreseen', () => {
    const failure = { name: 'TypeError', message: 'x', stack: 'TypeError: x\n    at y' };

    expect(show({ status: 500, failure })).toMatch(/\n {4}TypeError: x\n {8}at y$/);
  });

  test('is coloured by its status, if the output has colours', () => {
    const marked: Styled = (style, text) => `<${String(style)}>${text}`;

    expect(show({}, marked)).toContain('<green>✓ 200');
    expect(show({ status: 403 }, marked)).toContain('<red>✗ 403');
  });
});

test('continues on an indented line at the width’s end, and no word is broken', () => {
  const conversationSid = `CH${'a'.repeat(32)}`;
  const line = { event: 'onMessageAdded', worker: 'ana@example.com', conversationSid, airtableRequests: 2 };

  const lines = show(line, plain, 100).split('\n');

  expect(lines.map(words)).toEqual([
    '2026-11-03 09:05:07 ✓ 200 crm onMessageAdded ana@example.com',
    ` ${conversationSid} 12 ms, Airtable 2`,
  ]);
  expect(show(line, plain, 200)).not.toContain('\n');
});

test('log text cannot control the terminal', () => {
  const line = {
    worker: 'ana\u001b[31m@example.com',
    status: 500,
    failure: { message: 'a\u001b]0;b\u0007c\r\u009bd' },
  };

  expect(`${show(line)}${show('Error: \u001b[2Jcrash\u0008')}`).not.toMatch(/(?!\n)\p{Cc}/u);
});

test('a line of other origin is shown verbatim, with the callback in whose log it was', () => {
  expect(show('Error: crash\n    at z')).toBe('2026-11-03 09:05:07  ! crm Error: crash\n        at z');
});

describe('a run of sync', () => {
  const RAN = {
    message: 'sync ran',
    timestamp: '2026-11-03T09:05:07.000Z',
    kind: 'pass',
    passReason: 'nightly',
    milliseconds: 8_106,
    airtableRequests: 11,
    recordsRead: 398,
    customersWritten: 2,
    customersDeleted: 1,
    optOutsWaiting: 0,
  };
  const told = (changes: object) => words(show(JSON.stringify({ ...RAN, ...changes })));

  test('is one line: its work, its outcome and its cost', () => {
    expect(told({})).toBe(
      '2026-11-03 09:05:07 ✓ sync pass (nightly) 398 read, 2 written, 1 deleted 8106 ms, Airtable 11',
    );
  });

  test('shows that opt-outs wait, and why it failed', () => {
    const failure = { name: 'Unavailable', message: 'Airtable is down' };

    expect(told({ optOutsWaiting: 2, failure, warnings: ['recX: too large'] })).toBe(
      [
        '2026-11-03 09:05:07 ✗ sync pass (nightly) 398 read, 2 written, 1 deleted, 2 opt-outs waiting 8106 ms, Airtable 11',
        ' Unavailable: Airtable is down',
        ' warning: recX: too large',
      ].join('\n'),
    );
  });
});
