import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  and,
  columnDigits,
  columnText,
  contains,
  containsIgnoringCase,
  equal,
  type Formula,
  notEqual,
  or,
  recordId,
  text,
  trim,
} from '../../../lambdas/airtable/formula';
import type { CellValue, FieldType } from '../../../local/airtable/airtable-stand-in';
import { aBase, aTable } from '../../../local/airtable/base-data';
import { compileFormula } from '../../../local/airtable/formula/formula';

const NOW = new Date('2026-03-01T12:00:00.000Z');

/** What Airtable would make of the formula, for one record with this cell. */
function evaluated(formula: Formula, cell: CellValue = null, type: FieldType = 'singleLineText') {
  const table = aTable('T', { name: type }, [{ name: cell }]);
  const [record] = table.records;
  if (!record) throw new Error('a table without its record');
  const compiled = compileFormula(String(formula), table, aBase([table]), NOW);
  return { value: compiled.evaluate(record), keeps: compiled.keeps(record), id: record.id };
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const awkward = fc.constantFrom('"', "'", '\\', '{', '}', '=', 'n', ',', '(', ')', '&', ' ', '\u201d', '🌻');
const anyText = fc
  .oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string({ unit: awkward }))
  .filter((value) => !CONTROL.test(value));

describe('a text', () => {
  test('evaluates to itself, whatever it holds', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(evaluated(text(value)).value).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  test('finds the record that holds it, and no other', () => {
    fc.assert(
      fc.property(anyText, anyText, (value, other) => {
        const isIt = equal(columnText('name'), text(value));
        expect(evaluated(isIt, value).keeps).toBe(true);
        expect(evaluated(isIt, other).keeps).toBe(value === other);
      }),
    );
  });

  test.each([
    ["O'Brien", `"O'Brien"`],
    ['a"b', '"a\\"b"'],
    ['a\\', '"a\\\\"'],
    ['x", ""="', '"x\\", \\"\\"=\\""'],
    ['a\nb\u0000c\u2028d\u007fe', '"a b c d e"'],
  ])('%j is written %s', (value, literal) => {
    expect(String(text(value))).toBe(literal);
  });
});

describe('a column', () => {
  test.each<[FieldType, CellValue, string]>([
    ['singleLineText', 'Ann', 'Ann'],
    ['number', 98, '98'],
    ['number', 0, '0'],
    ['singleSelect', 'Gold', 'Gold'],
    ['checkbox', true, '1'],
    ['singleLineText', null, ''],
    ['number', null, ''],
  ])('of type %s with %j in it reads as text %j', (type, cell, expected) => {
    expect(evaluated(columnText('name'), cell, type).value).toBe(expected);
  });

  test.each<[CellValue, string]>([
    ['+1 (415) 555-0123', '14155550123'],
    ['no number', ''],
    [null, ''],
  ])('with %j in it has the digits %j', (cell, digits) => {
    expect(evaluated(columnDigits('name'), cell).value).toBe(digits);
  });

  test('is compared without the spaces round it', () => {
    expect(evaluated(equal(trim(columnText('name')), text('Ann')), '  Ann\n').keeps).toBe(true);
    expect(evaluated(notEqual(columnText('name'), text('')), '').keeps).toBe(false);
  });

  test('holds a piece of itself, in any case or to the letter', () => {
    expect(evaluated(containsIgnoringCase(columnText('name'), text('BRI')), "O'Brien").keeps).toBe(true);
    expect(evaluated(containsIgnoringCase(columnText('name'), text('x')), "O'Brien").keeps).toBe(false);
    expect(evaluated(contains(columnText('name'), text('Bri')), "O'Brien").keeps).toBe(true);
    expect(evaluated(contains(columnText('name'), text('BRI')), "O'Brien").keeps).toBe(false);
  });
});

describe('conditions', () => {
  const yes = equal(text('a'), text('a'));
  const no = equal(text('a'), text('b'));

  test.each([
    [and(yes, yes), true],
    [and(yes, no), false],
    [or(no, yes), true],
    [or(no), false],
    [or(), false],
    [and(yes, or()), false],
  ])('%s is %j', (condition, expected) => {
    expect(evaluated(condition).keeps).toBe(expected);
  });

  test('may be about the record itself', () => {
    const { id } = evaluated(recordId);

    expect(evaluated(equal(recordId, text(id))).keeps).toBe(true);
    expect(evaluated(equal(recordId, text('recOther'))).keeps).toBe(false);
  });

  test('are sent as JSON as they are written', () => {
    expect(JSON.stringify({ filterByFormula: yes })).toBe('{"filterByFormula":"\\"a\\"=\\"a\\""}');
  });
});
