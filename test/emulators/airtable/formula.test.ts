import { describe, expect, test } from '@jest/globals';
import { aCollaborator, customersTable } from '../../../emulators/airtable/base-data';
import type { CellValue, FieldType } from '../../../emulators/airtable/base-model';
import { compileFilter } from '../../../emulators/airtable/formula';

/** Whether the formula keeps a customer with these cells; `x` is a column of any type. */
function keeps(formula: string, row: Readonly<Record<string, CellValue>> = {}, type: FieldType = 'number') {
  const table = customersTable([row], { x: type });
  const [record] = table.records;
  if (!record) throw new Error('The table has no record');
  return compileFilter(formula, table)(record);
}

const INJECTED = 'O\'Brien "x" \\ {name} ", OR(1)';

describe('a formula', () => {
  test.each([
    ['{name}="Ann"', true],
    ["name = 'Ann'", true],
    ['{name}="ann"', false],
    ['{sms}=""', true],
    ['"" = {sms}', true],
    ['{sms} != ""', false],
    ['{id}=7', true],
    ['{id}&""="7"', true],
    ['("a" & "b") = "ab"', true],
    ['"a"&"b"="ab"', true],
    ['or({name}="Bob",{id}=7)', true],
    ['OR({name}="Bob", OR({id}=8))', false],
    ['{name}', true],
    ['{sms}', false],
    ['.5 = 0.50', true],
    [`{notes}="${INJECTED.replace(/["\\]/g, '\\$&')}"`, true],
    ['"a\\nb"="a\nb"', true],
    ['REGEX_REPLACE({email}&"","[^0-9]","")="12"', true],
    ['REGEX_REPLACE({sms}&"","[^0-9]","")=""', true],
    ['REGEX_REPLACE({name},"[","")="Ann"', false],
  ])('%s gives %p', (formula, kept) => {
    expect(keeps(formula, { name: 'Ann', id: 7, notes: INJECTED, email: 'a1@b2' })).toBe(kept);
  });

  test('knows the record id', () => {
    const { records } = customersTable([{}], { x: 'number' });

    expect(keeps(`OR(RECORD_ID()="recX", RECORD_ID()="${records[0]?.id}")`)).toBe(true);
  });

  test('reads a checkbox as 1 or 0, and an option by its name', () => {
    expect(keeps('{x}=1', { x: true }, 'checkbox')).toBe(true);
    expect(keeps('{x}=0', {}, 'checkbox')).toBe(true);
    expect(keeps('{x}="New"', { x: 'New' }, 'singleSelect')).toBe(true);
  });
});

describe('a formula is rejected', () => {
  test.each([
    '',
    '{',
    '{}',
    '"open',
    '1 +',
    '(1',
    '1)',
    'OR(',
    'OR(1,)',
    'OR()',
    '{name} {id}',
    '1e5x y',
    '#',
    'RECORD_ID(1)',
    `${'('.repeat(200)}1${')'.repeat(200)}`,
  ])('with a syntax error: %s', (formula) => {
    expect(() => keeps(formula)).toThrow('Invalid formula');
  });

  test.each([
    ['OR({Nope}=1, {nope}=2, {Other})', 'Unknown field names: nope, other'],
    ['CHAR(10)', 'Unknown function names: CHAR'],
    ['OR(Foo(1), CHAR(10))', 'Unknown function names: FOO, CHAR'],
  ])('%s: %s', (formula, message) => {
    expect(() => keeps(formula)).toThrow(message);
  });

  test.each([
    ['LOWER({name})', 'LOWER()'],
    ['IF(1, 2, 3)', 'IF()'],
    ['{id} > 1', 'operator >'],
    ['1 - 1', 'operator -'],
    ['-1', 'a minus sign'],
    ['{name} = 1', 'text with a number'],
    ['"\\D" = ""', 'the escape'],
    ['REGEX_REPLACE({sms},"a","b")', 'over a blank'],
    ['REGEX_REPLACE({name},"(?i)a","b")', 'pattern'],
  ])('%s is real, but not supported: %s', (formula, subject) => {
    expect(() => keeps(formula, { name: 'Ann' })).toThrow(subject);
    expect(() => keeps(formula, { name: 'Ann' })).toThrow('501');
  });

  test('for a column whose value in a formula is not emulated', () => {
    const ana = aCollaborator('Ana', 'ana@example.com');

    expect(() => keeps('{x}="Ana"', { x: ana }, 'singleCollaborator')).toThrow('singleCollaborator');
  });
});
