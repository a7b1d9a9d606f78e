import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readCsvFile } from '../../../cli/import/csv-file';
import { aFile, lines } from './csv-files';

const read = async (content: string | Buffer) => readCsvFile(await aFile(content));
const cellsOf = async (content: string) => (await read(content)).rows.map(({ cells }) => cells);
const rejectionOf = (content: string | Buffer) =>
  read(content).then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );

const LINE_ENDS = [
  { named: 'Unix', end: '\n' },
  { named: 'Windows', end: '\r\n' },
  { named: 'old Mac', end: '\r' },
];

describe('a CSV file', () => {
  test('has a line of headings, and rows with the lines they begin in', async () => {
    const file = await read('name,sms\nAnn,+14155550100\nBob,+14155550101\n');

    expect(file).toMatchObject({
      delimiter: ',',
      headings: ['name', 'sms'],
      rows: [
        { line: 2, cells: ['Ann', '+14155550100'], fault: null },
        { line: 3, cells: ['Bob', '+14155550101'], fault: null },
      ],
    });
  });

  test.each([
    { named: 'commas', delimiter: ',' },
    { named: 'semicolons', delimiter: ';' },
    { named: 'tabs', delimiter: '\t' },
  ])('may be delimited by $named', async ({ delimiter }) => {
    const file = await read(
      `name${delimiter}"a,b;c\td,e;f\tg,"${delimiter}notes\nAnn${delimiter}1${delimiter}\n`,
    );

    expect(file).toMatchObject({
      delimiter,
      headings: ['name', 'a,b;c\td,e;f\tg,', 'notes'],
      rows: [{ cells: ['Ann', '1', ''], fault: null }],
    });
  });

  test.each(LINE_ENDS)('may have $named line ends, and needs none in the last line', async ({ end }) => {
    const { rows } = await read(['name,sms', 'Ann,1', '"Bob",2', 'Cid,3'].join(end));

    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [2, 'Ann', '1'],
      [3, 'Bob', '2'],
      [4, 'Cid', '3'],
    ]);
  });

  test('may mix line ends, as after an edit on another system', async () => {
    expect(await cellsOf('name,sms\nAnn,1\r\nBob,2\nCid,3\r\n')).toEqual([
      ['Ann', '1'],
      ['Bob', '2'],
      ['Cid', '3'],
    ]);
  });

  test.each(LINE_ENDS)(
    'counts the line of a row after cells of several lines with $named line ends',
    async ({ end }) => {
      const content = [
        ...['name,"the', 'notes"', '"Ann', '', 'B.","one', 'two', '"'],
        ...['Bob,x', '', 'Cid,"y', 'z"', 'Dan,'],
      ];

      const { rows } = await read(content.join(end));

      expect(rows.map(({ line, cells: [name] }) => [line, name])).toEqual([
        [3, `Ann${end}${end}B.`],
        [8, 'Bob'],
        [10, 'Cid'],
        [12, 'Dan'],
      ]);
    },
  );

  test('may begin with a byte order mark and with blank lines', async () => {
    expect(await read('\ufeff"name",sms\nAnn,1\n')).toMatchObject({ headings: ['name', 'sms'] });
    expect(await read('\n\n  \nname;sms\nAnn;1\n')).toMatchObject({
      delimiter: ';',
      headings: ['name', 'sms'],
      rows: [{ line: 5, cells: ['Ann', '1'] }],
    });
  });

  test('keeps every character of its cells', async () => {
    expect(await cellsOf('name,notes\n"Müller, ""Bo"" ", =1+1 \n"李 🎉",\u00a0\n')).toEqual([
      ['Müller, "Bo" ', ' =1+1 '],
      ['李 🎉', '\u00a0'],
    ]);
  });

  test('skips rows of blank cells only', async () => {
    expect(await cellsOf('name,sms\n,\nAnn,1\n"  ", \n\nBob,2\n,,,,\n')).toEqual([
      ['Ann', '1'],
      ['Bob', '2'],
    ]);
  });

  test('may have headings only', async () => {
    expect((await read('name,sms')).rows).toEqual([]);
  });
});

describe('ignored parts', () => {
  test.each([
    ['blank cells that are left out at the end of a row', 'name,sms,notes', 'Ann,1'],
    ['surplus blank cells at the end of a row', 'name,sms', 'Ann,1,, ,'],
    ['surplus blank cells at the end of the headings', 'name,sms,,', 'Ann,1'],
  ])('%s', async (_what, headings, row) => {
    const { rows } = await read(lines(headings, row));

    expect(rows.map(({ fault }) => fault)).toEqual([null]);
  });

  test.each([
    ['sep=;', ';'],
    ['"sep=;"', ';'],
    ['SEP=,', ','],
    ['sep=\t', '\t'],
    ['sep=|', '|'],
    ['\ufeffsep=;\r', ';'],
  ])('a first line %j, which decides the delimiter', async (first, delimiter) => {
    const file = await read(lines(first, ['name', 'sms'].join(delimiter), ['Ann', '1'].join(delimiter)));

    expect(file).toMatchObject({
      delimiter,
      headings: ['name', 'sms'],
      rows: [{ line: 3, cells: ['Ann', '1'], fault: null }],
    });
  });
});

describe('a row whose cells cannot be separated reliably', () => {
  test('has more cells than there are headings, and is reported', async () => {
    const { rows } = await read(lines('name,sms,notes', 'Ann,1', 'Bob,2,', 'Cid,3,a,b'));

    expect(rows.map(({ fault }) => fault)).toEqual([null, null, expect.stringContaining('4 cells')]);
  });

  test.each(['"Ann "the boss" Lee",1', 'Ann, "Lee"', '"Ann" Lee,1', '""Ann"",1'])(
    'has misplaced quotation marks: %s',
    async (row) => {
      const { rows } = await read(lines('name,sms', row, 'Bob,2'));

      expect(rows).toMatchObject([
        { line: 2, fault: expect.stringContaining('a cell contains a quotation mark') },
        { line: 3, fault: null },
      ]);
    },
  );

  test.each(['"""Ann"" Lee",1', '"  ""Ann""",1', 'Ann 5" Lee,1', '"""",1', "'Ann',1"])(
    'does not include one whose quotation marks belong to the text: %s',
    async (row) => {
      expect((await read(lines('name,sms', row))).rows).toMatchObject([{ fault: null }]);
    },
  );
});

describe('a file that is not valid', () => {
  test.each([
    { named: 'nothing', content: '' },
    { named: 'blank lines', content: '\n \r\n\n' },
    { named: 'a byte order mark', content: '\ufeff' },
  ])('has $named in it', async ({ content }) => {
    expect(await rejectionOf(content)).toMatch(
      /^Misconfigured: .*customers.csv is empty: the first line must name/,
    );
  });

  test('has an unclosed quotation mark, and the message names the line', async () => {
    const content = lines('name,notes', 'Ann,"fine', 'so far"', 'Bob,"open', 'Cid,x', 'Dan,y');

    expect(await rejectionOf(content)).toMatch(/unclosed quotation mark in or after line 4/);
  });

  test.each([
    { named: 'UTF-16 with a mark', content: Buffer.from('\ufeffname,sms\n', 'utf16le'), is: 'is UTF-16' },
    { named: 'UTF-16 without one', content: Buffer.from('name,sms\n', 'utf16le'), is: 'is UTF-16' },
    {
      named: 'Latin-1',
      content: Buffer.from('name,sms\r\nAnn,1\r\nM\u00fcller,2\r\n', 'latin1'),
      is: 'is not UTF-8: line 3 has a character in another encoding',
    },
    { named: 'an Excel workbook', content: Buffer.from('PK\x03\x04rest'), is: 'is a spreadsheet workbook' },
    { named: 'an old one', content: Buffer.from('d0cf11e0a1b11ae1', 'hex'), is: 'is a spreadsheet workbook' },
  ])('is $named, and the message says how to save it', async ({ content, is }) => {
    const rejection = await rejectionOf(content);

    expect(rejection).toContain(is);
    expect(rejection).toContain('save it as UTF-8 (Excel: File > Save As > "CSV UTF-8"');
  });

  test('is missing', async () => {
    await expect(readCsvFile('/nowhere/customers.csv')).rejects.toThrow(
      '/nowhere/customers.csv cannot be read: no such file',
    );
  });

  test('is a folder', async () => {
    const folder = join(dirname(await aFile('')), 'customers');
    await mkdir(folder);

    await expect(readCsvFile(folder)).rejects.toThrow('customers cannot be read: it is a directory');
  });
});
