import { describe, expect, test } from '@jest/globals';
import { parseLogsOptions } from '../../../cli/logs/logs-options';

const SID = `CH${'0a'.repeat(16)}`;

describe('the arguments of npm run logs', () => {
  test('default to the last hour of everything', () => {
    expect(parseLogsOptions([])).toEqual({
      filter: { conversation: null, worker: null, customer: null, callback: null, errors: false },
      backMs: 3_600_000,
      follow: false,
      local: false,
      json: false,
      help: false,
    });
  });

  test('can be combined', () => {
    const words = [
      '--conversation',
      SID,
      '--worker',
      ' ana@example.com ',
      '--customer',
      '5',
      '--errors',
      '-f',
    ];

    expect(parseLogsOptions([...words, '--callback', 'routing', '--local', '--json'])).toMatchObject({
      filter: {
        conversation: SID,
        worker: 'ana@example.com',
        customer: '5',
        callback: 'routing',
        errors: true,
      },
      follow: true,
      local: true,
      json: true,
    });
  });

  test.each([
    ['30m', 30 * 60_000],
    ['1.5 hours', 90 * 60_000],
    ['7d', 7 * 24 * 3_600_000],
  ])('--since %s goes back %d ms', (since, backMs) => {
    expect(parseLogsOptions(['--since', since]).backMs).toBe(backMs);
  });

  test.each([
    [['--since', '60'], '--since 60'],
    [['--since', '0m'], '--since 0m'],
    [['--since=-1h'], '--since -1h'],
    [['--since', 'yesterday'], '--since yesterday'],
    [['--conversation', 'CH12'], '--conversation CH12'],
    [['--worker', ' '], '--worker is blank'],
    [['--customer', ''], '--customer is blank'],
    [['--callback', 'sms'], '--callback sms'],
    [['--error'], "Unknown option '--error'"],
    [['--worker'], "Option '--worker <value>' argument missing"],
    [['crm'], "Unexpected argument 'crm'"],
  ])('are rejected as %j, with the reason', (words, message) => {
    expect(() => parseLogsOptions(words)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) }),
    );
  });
});
