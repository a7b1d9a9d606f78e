import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { defineLogsOptions } from '../../../cli/commands/logs';

const SID = `CH${'0a'.repeat(16)}`;

/** The parsed options. @throws {CommanderError} */
function parse(...words: readonly string[]) {
  const command = defineLogsOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parseOptions([...words]);
  return command.opts();
}

describe('the options of frontline logs', () => {
  test('default to the last hour of everything', () => {
    expect(parse()).toEqual({ since: 3_600_000 });
  });

  test('can be combined', () => {
    const filter = ['--conversation', SID, '--worker', ' ana@example.com ', '--customer', '5', '--errors'];

    expect(parse(...filter, '-f', '--callback', 'routing', '--local', '--json')).toEqual({
      conversation: SID,
      worker: 'ana@example.com',
      customer: '5',
      callback: 'routing',
      errors: true,
      since: 3_600_000,
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
    expect(parse('--since', since)).toMatchObject({ since: backMs });
  });

  test.each([
    [['--since', '60']],
    [['--since', '0m']],
    [['--since=-1h']],
    [['--since', 'yesterday']],
    [['--conversation', 'CH12']],
    [['--worker', ' ']],
    [['--customer', '']],
    [['--callback', 'sms']],
    [['--worker']],
  ])('are rejected as %j, naming the option', ([option = '', ...values]) => {
    expect(() => parse(option, ...values)).toThrow(option.replace(/=.*/, ''));
  });
});
