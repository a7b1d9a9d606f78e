import { describe, expect, test } from '@jest/globals';
import { readRow } from '../../../cli/import/customer-row';

const COLUMNS = [
  { index: 0, field: { id: 'fld0', name: 'name', type: 'singleLineText' } },
  { index: 1, field: { id: 'fld1', name: 'sms', type: 'singleLineText' } },
  { index: 2, field: { id: 'fld2', name: 'whatsapp', type: 'phoneNumber' } },
  { index: 3, field: { id: 'fld3', name: 'opt_out', type: 'singleLineText' } },
  { index: 4, field: { id: 'fld4', name: 'Age', type: 'number' } },
];
const read = (...cells: string[]) => readRow({ line: 2, cells, fault: null }, COLUMNS, 'US');
const readSms = (sms: string) => read('Ann', sms, '', '', '');

describe('a row', () => {
  test.each(['\u200b', '\u3164', '\u2800\u2800', '\u{e0041}', '\x1b[31m\x1b[0m'])(
    'with the invisible name %j has no name',
    (name) => {
      expect(read(name, '4155550123', '', '', '').problems).toEqual(['the name is missing']);
    },
  );

  test('has a name and an owner without invisible characters and terminal control characters', () => {
    const owned = [...COLUMNS, { index: 5, field: { id: 'fld5', name: 'owner', type: 'singleLineText' } }];
    const cells = ['\x1b[31mAnn\x1b[0m\nLee\u202e', '4155550123', '', '', '', '\ufeffana@example.com\u200b'];

    expect(readRow({ line: 2, cells, fault: null }, owned, 'US')).toMatchObject({
      name: 'Ann Lee',
      cells: { name: 'Ann Lee', owner: 'ana@example.com' },
    });
  });

  test('becomes a customer, without blank cells', () => {
    expect(read(' Ann Lee ', '(415) 555-0123', ' ', '', '44')).toMatchObject({
      name: 'Ann Lee',
      numbers: ['+14155550123'],
      cells: { name: 'Ann Lee', sms: '+14155550123', Age: 44 },
      problems: [],
    });
  });

  test.each(['415.555.0123', 'whatsapp:+14155550123', "'+14155550123"])(
    'may have its number as %s',
    (text) => {
      expect(readSms(text)).toMatchObject({ numbers: ['+14155550123'], cells: { sms: '+14155550123' } });
      expect(read('Ann', '', text, '', '')).toMatchObject({
        cells: { whatsapp: '+14155550123' },
        problems: [],
      });
    },
  );

  test.each(['4.15556E+09', '4,15556E+09', '415556E4', '14155550123.0', '4155550123,00'])(
    'rejects a number reformatted by a spreadsheet: %s',
    (text) => {
      expect(readSms(text)).toMatchObject({
        numbers: [],
        problems: [
          expect.stringMatching(/^sms: ".*" looks like a phone number reformatted by a spreadsheet: format/),
        ],
      });
    },
  );

  test.each(['ask Bob', '12', '415555012345678', '+1415555012'])(
    'needs a telephone number for each channel: %s',
    (text) => {
      expect(readSms(text).problems).toEqual([
        expect.stringContaining(`sms: "${text}" is not a valid phone number`),
      ]);
    },
  );

  test.each([
    ['x', 'true'],
    ['Yes', 'true'],
    ['TRUE', 'true'],
    ['no', 'false'],
  ])('that is opted out by %j has the word that the service reads', (text, word) => {
    expect(read('Ann', '4155550123', '', text, '').cells['opt_out']).toBe(word);
  });

  test.each(['4155550203;4155550204', '+14155550123 / +14155550124', '415 555 0123 x4155550124'])(
    'may have only one number for each channel: %s',
    (text) => {
      expect(readSms(text).problems).toEqual([
        expect.stringMatching(/^sms: ".*" contains several numbers: keep/),
      ]);
    },
  );

  test('may have a Mexican number in either spelling', () => {
    expect(readSms('+52 1 55 1234 5678')).toMatchObject({ cells: { sms: '+5215512345678' }, problems: [] });
    expect(readSms('+525512345678')).toMatchObject({ cells: { sms: '+525512345678' }, problems: [] });
  });

  test('may have a WhatsApp user id, in the column for WhatsApp', () => {
    const id = 'US.13491208655302741918';

    expect(read('Ann', '', `whatsapp:${id}`, '', '')).toMatchObject({
      cells: { whatsapp: id },
      problems: [],
    });
    expect(readSms(id).problems).toEqual([
      `sms: "${id}" is a WhatsApp user ID: move it to the column whatsapp`,
    ]);
  });

  test('reports all its problems', () => {
    expect(read('', 'none', '', 'perhaps', 'young').problems).toEqual([
      expect.stringContaining('sms: "none"'),
      'opt_out: "perhaps" is neither yes nor no: write true or false',
      'the name is missing',
    ]);
    expect(read('', '', '', '', '').problems).toEqual([
      'the name is missing',
      'sms and whatsapp are both blank',
    ]);
  });

  test('has a long cell truncated in messages', () => {
    const [problem = ''] = readSms('x'.repeat(10_000)).problems;

    expect(problem).toMatch(/^sms: "x+…" is not a valid phone number/);
    expect(problem.length).toBeLessThan(200);
  });

  test('is imported without an optional cell that its column rejects', () => {
    expect(read('Ann', '4155550123', '', '', 'young')).toMatchObject({
      problems: [],
      cells: { name: 'Ann', sms: '+14155550123' },
      leftOut: [{ column: 'Age', line: 2, reason: 'Age: "young" is not a number: write it like 1234.5' }],
    });
  });

  test.each(['="Ann Lee"', '= "Ann Lee"', "'=Ann Lee"])(
    'has the text that a spreadsheet shows for %j',
    (text) => {
      expect(read(text, '="+14155550123"', '', '', '="44"')).toMatchObject({
        problems: [],
        cells: { sms: '+14155550123', Age: 44 },
      });
    },
  );

  test('keeps quotation marks inside an unwrapped text', () => {
    expect(read('="Ann ""B"" Lee"', '4155550123', '', '', '')).toMatchObject({
      name: 'Ann "B" Lee',
      problems: [],
    });
  });

  test.each(['=HYPERLINK("https://a.b","Ann")', '=A2&B2', '=1+1', '#N/A', '#REF!', '=+A1', '@SUM(A1)'])(
    'does not read %s as a name',
    (text) => {
      expect(read(text, '4155550123', '', '', '').problems).toEqual([
        expect.stringMatching(/^name: ".+" is an? /),
      ]);
    },
  );

  test.each(['= is a smile', '@ann', '-Ann', '+Ann', '#1 customer'])('reads %j as a name', (text) => {
    expect(read(text, '4155550123', '', '', '')).toMatchObject({ name: text, problems: [] });
  });

  test('with a cell longer than Airtable’s limit is rejected if the cell is essential', () => {
    expect(read('x'.repeat(100_001), '4155550123', '', '', '').problems).toEqual([
      expect.stringContaining('is longer than 100000 characters'),
    ]);
  });

  test('is not read if its cells cannot be separated', () => {
    expect(readRow({ line: 2, cells: ['x'], fault: 'torn' }, COLUMNS, 'US').problems).toEqual(['torn']);
  });
});
