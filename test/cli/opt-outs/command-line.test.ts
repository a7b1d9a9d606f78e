import { expect, test } from '@jest/globals';
import { parseOptOutsCommand } from '../../../cli/opt-outs/opt-outs-options';
import { UsageError } from '../../../cli/terminal/usage-error';

const parse = (line: string, ...more: readonly string[]) =>
  parseOptOutsCommand([...line.split(' ').filter(Boolean), ...more]);

test('parses list and lift with their options, in any order', () => {
  expect(parse('list')).toEqual({ name: 'list', csv: false, local: false });
  expect(parse('--local list --csv')).toEqual({ name: 'list', csv: true, local: true });
  expect(parse('lift +14155550101 --yes', '--reason', ' asked by phone ')).toEqual({
    name: 'lift',
    address: '+14155550101',
    reason: 'asked by phone',
    yes: true,
    local: false,
  });
  expect(parse('-h')).toEqual({ name: 'help' });
});

test.each([
  ['', 'A command is missing'],
  ['show', '"show" is not a command'],
  ['list +14155550101', 'list takes --csv and --local only'],
  ['lift', 'lift takes one address'],
  ['lift +14155550101 +14155550102 --reason x', 'lift takes one address'],
  ['lift +14155550101', 'lift needs --reason'],
  ['lift +14155550101 --reason=', 'lift needs --reason'],
  ['lift +14155550101 --reason x --csv', 'lift takes --reason, --yes and --local only'],
  ['list --frobnicate', "Unknown option '--frobnicate'"],
])('rejects "%s" and names the valid commands', (line, problem) => {
  expect(() => parse(line)).toThrow(UsageError);
  expect(() => parse(line)).toThrow(problem);
  expect(() => parse(line)).toThrow('npm run opt-outs -- list');
});
