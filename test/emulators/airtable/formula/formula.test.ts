import { describe, expect, test } from '@jest/globals';
import type {
  BaseData,
  CellValue,
  FieldType,
  TableData,
} from '../../../../emulators/airtable/airtable-emulator';
import { aBase, aCollaborator, aTable } from '../../../../emulators/airtable/base-data';
import { compileFormula } from '../../../../emulators/airtable/formula/formula';

const NOW = new Date('2026-03-01T12:00:00.000Z');

/** The formula's value on a table of one record with these cells. */
function evaluate(
  formula: string,
  cells: Readonly<Record<string, CellValue>> = {},
  types: Record<string, FieldType> = {},
) {
  const columns: Record<string, FieldType> = { name: 'singleLineText', n: 'number', ...types };
  return evaluateIn(aTable('T', columns, [cells]), formula);
}

function evaluateIn(table: TableData, formula: string, base: BaseData = aBase([table])) {
  const [record] = table.records;
  if (!record) throw new Error('The table has no record to evaluate over');
  return compileFormula(formula, table, base, NOW).evaluate(record);
}

function keeps(
  formula: string,
  cells: Readonly<Record<string, CellValue>>,
  types: Record<string, FieldType> = {},
) {
  const table = aTable('T', { name: 'singleLineText', n: 'number', ...types }, [cells]);
  return compileFormula(formula, table, aBase([table]), NOW).keeps(table.records[0] ?? fail());
}

function fail(): never {
  throw new Error('The table has no record');
}

describe('precedence', () => {
  test.each([
    ['1+2*3', 7],
    ['(1+2)*3', 9],
    ['8/4/2', 1],
    ['5-2-1', 2],
    ['-2*3', -6],
    ['1--1', 2],
    ['1+1&"x"', '2x'],
    ['"a"&"b"="ab"', 1],
    ['1+1=2', 1],
    ['2>=2', 1],
    ['2<2', 0],
    ['1!=2', 1],
  ])('%s is %p', (formula, value) => {
    expect(evaluate(formula)).toBe(value);
  });
});

describe('text literals', () => {
  test.each([
    [`"O'Brien"`, "O'Brien"],
    [`'O\\'Brien'`, "O'Brien"],
    ['"a\\"b"', 'a"b'],
    ['"a\\\\"', 'a\\'],
    ['"x\\", \\"\\"=\\""', 'x", ""="'],
    ['"👍🏽"', '👍🏽'],
    ['"مرحبا {name}"', 'مرحبا {name}'],
    [`"${'x'.repeat(300)}"`, 'x'.repeat(300)],
    ['"line\\nbreak\\t"', 'line\nbreak\t'],
  ])('%s equals the cell with that text, and no other', (literal, text) => {
    expect(keeps(`{name}=${literal}`, { name: text })).toBe(true);
    expect(keeps(`{name}=${literal}`, { name: `${text}.` })).toBe(false);
  });

  test('an unescaped value turns the filter into one that is always true', () => {
    const injected = 'x", ""="';

    expect(keeps(`OR({name}="${injected}")`, { name: 'other' })).toBe(true);
  });

  test.each(['"\\d"', '"\\u0041"'])('%s has an escape of unknown meaning and returns 501', (formula) => {
    expect(() => evaluate(formula)).toThrow(/501 .*escape/);
  });

  test('equality of text is case-sensitive', () => {
    expect(keeps('{name}="ann"', { name: 'Ann' })).toBe(false);
  });
});

describe('field references', () => {
  test('by name, as a bare word, by id, and with an escaped brace', () => {
    const table = aTable('T', { name: 'singleLineText', 'a}b': 'singleLineText' }, [
      { name: 'Ann', 'a}b': 'x' },
    ]);

    expect(evaluateIn(table, '{name}')).toBe('Ann');
    expect(evaluateIn(table, 'name')).toBe('Ann');
    expect(evaluateIn(table, `{${table.fields[0]?.id}}`)).toBe('Ann');
    expect(evaluateIn(table, '{a\\}b}')).toBe('x');
  });

  test('unknown ones are all named, in lower case', () => {
    expect(() => evaluate('AND({Sms}, {name}, WhatsApp, {Sms})')).toThrow(
      'Unknown field names: sms, whatsapp"',
    );
  });
});

describe('an invalid formula is rejected with 422', () => {
  test.each([
    '',
    '  ',
    '{name',
    '{name}=',
    '"open',
    '“x”',
    'AND(',
    'AND()',
    'NOT(1,2)',
    '1 2',
    '1e5',
    '{name}="a" "b"',
    'a,b',
    `${'('.repeat(500)}1${')'.repeat(500)}`,
    `1${'+1'.repeat(5000)}`,
  ])('%s', (formula) => {
    expect(() => evaluate(formula)).toThrow(/^422 .*Invalid formula\. Please check your formula text\./);
  });
});

describe('unknown behaviour of the real service returns 501', () => {
  test.each([
    ['a function that is not supported', 'ROUND({n}, 0)', {}],
    ['a number equal to a text', '{n}="12"', { n: 12 }],
    ['a text different from a number', '{name}!=12', { name: '12' }],
    ['a number compared with an empty text', '{n}=""', { n: 12 }],
    ['an order of texts', '{name}<"b"', { name: 'a' }],
    ['a sum with a text', '{name}+1', { name: '1' }],
    ['a text function over a number', 'LEFT({n}, 1)', { n: 12 }],
    ['a pattern over a number', 'REGEX_MATCH({n}, "1")', { n: 12 }],
    ['a pattern over a blank', 'REGEX_MATCH({name}, "1")', {}],
  ])('%s', (_what, formula, cells) => {
    expect(() => evaluate(formula, cells)).toThrow(/^501 /);
  });

  test('even if another operand decides the result', () => {
    expect(() => keeps('OR(TRUE(), {n}="12")', { n: 12 })).toThrow(/^501 /);
  });
});

describe('blanks', () => {
  test.each([
    ['{name}=BLANK()', 1],
    ['{name}=""', 1],
    ['{name}="x"', 0],
    ['{n}=BLANK()', 1],
    ['{n}="12"', 0],
    ['{n}=0', 1],
    ['{n}&""', ''],
    ['{name}', null],
    ['{n}+1', 1],
    ['LEN({name})', 0],
    ['LOWER({name})', ''],
  ])('%s of a row without cells is %p', (formula, value) => {
    expect(evaluate(formula)).toBe(value);
  });

  test('a number becomes text by joining', () => {
    expect(evaluate('{n}&""="12"', { n: 12 })).toBe(1);
  });
});

describe('functions', () => {
  test.each([
    ['AND(1, "x")', 1],
    ['AND(1, "")', 0],
    ['OR(0, BLANK())', 0],
    ['XOR(1, 1, 1)', 1],
    ['NOT({name})', 0],
    ['IF(0, "a")', null],
    ['IF({name}="Ann Lee", "yes", ERROR())', 'yes'],
    ['SWITCH({name}, "Bob", 1, "Ann Lee", 2, 3)', 2],
    ['SWITCH({name}, "Bob", 1, 3)', 3],
    ['FIND("n", {name})', 2],
    ['FIND("n", {name}, 3)', 3],
    ['FIND("A", LOWER({name}))', 0],
    ['SEARCH("LEE", {name})', 5],
    ['SEARCH("x", {name})', null],
    ['UPPER({name})', 'ANN LEE'],
    ['TRIM("  a ")', 'a'],
    ['LEN({name})', 7],
    ['LEFT({name}, 3)', 'Ann'],
    ['RIGHT({name}, 3)', 'Lee'],
    ['RIGHT({name}, 99)', 'Ann Lee'],
    ['MID({name}, 5, 2)', 'Le'],
    ['SUBSTITUTE("a-b-c", "-", "+")', 'a+b+c'],
    ['SUBSTITUTE("a-b-c", "-", "+", 2)', 'a-b+c'],
    ['concatenate({name}, 1)', 'Ann Lee1'],
    ['EXACT("a", "A")', 0],
    ['VALUE("12.5")', 12.5],
    ['T(1)', null],
    ['TRUE()', 1],
    ['ISERROR(1/0)', 1],
    ['ISERROR({name})', 0],
    ['REGEX_MATCH({name}, "^Ann [A-Z]")', 1],
    ['REGEX_MATCH({name}, "^Lee")', 0],
    ['REGEX_EXTRACT({name}, "[A-Z]e+")', 'Lee'],
    ['REGEX_REPLACE("(415) 555-0101", "[^0-9]", "")', '4155550101'],
  ])('%s is %p', (formula, value) => {
    expect(evaluate(formula, { name: 'Ann Lee' })).toBe(value);
  });

  test('RECORD_ID is the id of the row', () => {
    const table = aTable('T', { name: 'singleLineText' }, [{}]);

    expect(evaluateIn(table, 'RECORD_ID()')).toBe(table.records[0]?.id);
  });
});

describe('a row on which the formula fails is left out', () => {
  test.each([
    '1/0',
    'ERROR()',
    'VALUE({name})',
    'REGEX_MATCH({name}, "(")',
    'REGEX_EXTRACT({name}, "z")',
    'IS_AFTER({name}, NOW())',
  ])('%s', (formula) => {
    expect(keeps(formula, { name: 'abc' })).toBe(false);
    expect(keeps(`NOT(ISERROR(${formula}))`, { name: 'abc' })).toBe(false);
  });
});

describe('fields inside a formula', () => {
  test('a collaborator is its display name', () => {
    const ana = aCollaborator('Ana Diaz', 'ana@example.com');

    expect(evaluate('{owner}', { owner: ana }, { owner: 'singleCollaborator' })).toBe('Ana Diaz');
    expect(keeps('{owner}="ana@example.com"', { owner: ana }, { owner: 'singleCollaborator' })).toBe(false);
  });

  test('a checkbox is 1, or a blank that equals 0', () => {
    const types: Record<string, FieldType> = { done: 'checkbox' };

    expect(keeps('{done}', { done: true }, types)).toBe(true);
    expect(keeps('{done}=TRUE()', { done: true }, types)).toBe(true);
    expect(keeps('NOT({done})', {}, types)).toBe(true);
    expect(keeps('{done}=0', {}, types)).toBe(true);
  });

  test('several selects are joined, and a member is found exactly', () => {
    const types: Record<string, FieldType> = { tags: 'multipleSelects' };
    const member = (tag: string) => `FIND(",${tag},", ","&SUBSTITUTE({tags},", ",",")&",")`;

    expect(keeps('{tags}="VIP, New"', { tags: ['VIP', 'New'] }, types)).toBe(true);
    expect(keeps(member('New'), { tags: ['VIP', 'New'] }, types)).toBe(true);
    expect(keeps(member('Ne'), { tags: ['VIP', 'New'] }, types)).toBe(false);
  });

  test('links are the primary texts of the linked records, not their ids', () => {
    const companies = aTable('Companies', { title: 'singleLineText' }, [{ title: 'Acme' }, { title: 'Zed' }]);
    const links = companies.records.map(({ id }) => id);
    const people = aTable('People', { name: 'singleLineText', company: 'multipleRecordLinks' }, [
      { company: links },
    ]);
    const base = aBase([people, companies]);

    expect(evaluateIn(people, '{company}&""', base)).toBe('Acme, Zed');
    expect(evaluateIn(people, 'ARRAYJOIN({company}, "/")', base)).toBe('Acme/Zed');
    expect(evaluateIn(people, `FIND("${links[0]}", ARRAYJOIN({company}))`, base)).toBe(0);
  });

  test('a lookup returns 501 for = and counts as text when wrapped', () => {
    const types: Record<string, FieldType> = { looked: 'multipleLookupValues' };

    expect(() => evaluate('{looked}="a"', { looked: ['a'] }, types)).toThrow(/^501 .*ARRAYJOIN/);
    expect(evaluate('ARRAYJOIN({looked})="a"', { looked: ['a'] }, types)).toBe(1);
  });

  test('an attachment can be tested for emptiness', () => {
    const types: Record<string, FieldType> = { avatar: 'multipleAttachments' };
    const cells = { avatar: [{ id: 'attX', url: 'https://example.com/a.png', filename: 'a.png' }] };

    expect(keeps('{avatar}=""', cells, types)).toBe(false);
    expect(keeps('{avatar}', cells, types)).toBe(true);
    expect(keeps('{avatar}=BLANK()', {}, types)).toBe(true);
  });

  test('a broken computed cell is an error of the row', () => {
    expect(keeps('OR({f}, TRUE())', { f: { error: '#ERROR!' } }, { f: 'formula' })).toBe(false);
  });
});

describe('dates', () => {
  const types: Record<string, FieldType> = { at: 'dateTime', day: 'date' };
  const cells = { at: '2026-02-28T09:30:00.000Z', day: '2026-02-28' };

  test.each([
    ['IS_AFTER({at}, "2026-02-28T09:29:59.000Z")', 1],
    ['IS_AFTER({at}, {at})', 0],
    ['IS_BEFORE({at}, NOW())', 1],
    ['IS_SAME({at}, {day})', 0],
    ['IS_SAME({at}, {day}, "day")', 1],
    ['{at}=DATETIME_PARSE("2026-02-28T09:30:00.000Z")', 1],
    ['{day}=DATETIME_PARSE("28/02/2026", "DD/MM/YYYY")', 1],
    ['DATETIME_DIFF(NOW(), {at}, "hours")', 26],
    ['DATETIME_DIFF(NOW(), TODAY())', 43_200],
    ['DATEADD({day}, -1, "days")&""', '2026-02-27T00:00:00.000Z'],
    ['CREATED_TIME()&""', '2024-05-01T09:30:00.000Z'],
    ['LAST_MODIFIED_TIME()=CREATED_TIME()', 1],
  ])('%s is %p', (formula, value) => {
    expect(evaluate(formula, cells, types)).toBe(value);
  });

  test('LAST_MODIFIED_TIME is that of the named fields', () => {
    const table = aTable('T', { name: 'singleLineText', n: 'number' }, [{ name: 'Ann' }]);
    const [record] = table.records;
    if (record) record.modified = { name: '2026-01-01T00:00:00.000Z', n: '2026-02-01T00:00:00.000Z' };

    expect(evaluateIn(table, 'LAST_MODIFIED_TIME()&""')).toBe('2026-02-01T00:00:00.000Z');
    expect(evaluateIn(table, 'LAST_MODIFIED_TIME({name})&""')).toBe('2026-01-01T00:00:00.000Z');
  });
});
