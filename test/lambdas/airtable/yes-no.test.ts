import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCell } from '../../../cli/import/column-types';
import { readYesNo } from '../../../lambdas/airtable/yes-no';

const YES = [
  true,
  1,
  'true',
  ' TRUE ',
  'Yes',
  'x',
  'X',
  '1',
  '✓',
  '✔',
  '✔️',
  'checked',
  '\u200etrue',
  'ｙｅｓ',
];
const NO = [false, 0, 'false', 'No', '0', 'unchecked', '', '  ', '\n', undefined, null, []];
const UNCLEAR = [
  'Opted out',
  'STOP',
  'y',
  2,
  -1,
  'maybe',
  'yes no',
  {},
  { error: '#ERROR!' },
  { email: 'a@b.c' },
];

test.each(YES)('%j is a yes', (cell) => {
  expect(readYesNo(cell)).toBe('yes');
});

test.each(NO)('%j is a no', (cell) => {
  expect(readYesNo(cell)).toBe('no');
});

test.each(UNCLEAR)('%j is unclear', (cell) => {
  expect(readYesNo(cell)).toBe('unclear');
});

describe('several values', () => {
  test.each([
    [['yes'], 'yes'],
    [[false, true], 'yes'],
    [['no', 'maybe', 'x'], 'yes'],
    [['no', 'no'], 'no'],
    [['no', 'maybe'], 'unclear'],
    [[['no'], ['yes']], 'yes'],
  ])('%j are %p', (cell, meaning) => {
    expect(readYesNo(cell)).toBe(meaning);
  });
});

test('the import writes into a checkbox what the service reads in a text, and rejects only what is unclear', () => {
  const words = [...YES, ...NO, ...UNCLEAR].filter((cell) => typeof cell === 'string' && cell.trim() !== '');
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...words), fc.string({ minLength: 1 })), (word) => {
      const read = readCell(String(word).trim(), { id: 'fld1', name: 'opt_out', type: 'checkbox' });
      const meaning = readYesNo(word);
      expect('cell' in read ? read.cell : 'rejected').toBe(
        meaning === 'unclear' ? 'rejected' : meaning === 'yes',
      );
    }),
  );
});
