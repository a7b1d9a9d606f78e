import { describe, expect, test } from '@jest/globals';
import { isQuiet } from '../../../cli/start/function-log';

const RETURNED = { kind: 'returned', requestId: 'a', value: undefined } as const;
const NOTHING = {
  level: 'INFO',
  kind: 'drain',
  recordsRead: 0,
  customersWritten: 0,
  customersDeleted: 0,
  ticks: 0,
  unticks: 0,
  ticksRestored: 0,
};
const line = (changes: object) => `${JSON.stringify({ ...NOTHING, ...changes })}\n`;

describe('a scheduled run of sync', () => {
  test.each(['drain', 'outbox', 'busy'])('of kind %s without changes is quiet', (kind) => {
    expect(isQuiet(RETURNED, line({ kind }))).toBe(true);
  });

  test.each([
    { kind: 'pass' },
    { level: 'WARN' },
    { level: 'ERROR' },
    { recordsRead: 1 },
    { customersWritten: 1 },
    { customersDeleted: 1 },
    { ticks: 1 },
    { unticks: 1 },
    { ticksRestored: 1 },
  ])('with %j is shown', (changes) => {
    expect(isQuiet(RETURNED, line(changes))).toBe(false);
  });

  test('of several runs is shown if one of them did something', () => {
    expect(isQuiet(RETURNED, line({}) + line({ ticks: 1 }) + line({}))).toBe(false);
  });

  test('that writes another line is shown', () => {
    expect(isQuiet(RETURNED, `${line({})}A warning\n`)).toBe(false);
  });

  test('that fails is shown', () => {
    expect(isQuiet({ kind: 'failed', requestId: 'a', error: new Error('x') }, line({}))).toBe(false);
  });
});
