import { describe, expect, test } from '@jest/globals';
import type { FieldModel } from '../../../cli/airtable/schema';
import { canBeFilled, readCell } from '../../../cli/import/column-types';

const field = (type: string, choices: readonly string[] = []) => ({
  id: 'fldOne',
  name: 'column',
  type,
  options: { choices: choices.map((name) => ({ name })) },
});
const CHOICES = ['New', 'In talks', 'Won, paid', 'won'];
const NOT_AN_OPTION =
  'is not an option of the column (options: "New", "In talks", "Won, paid", "won"). Add it in Airtable, or correct it';
const NOT_AN_EMAIL = 'is not an e-mail address: collaborators are matched by e-mail address';
const reading = (type: string, text: string) => readCell(text, field(type, CHOICES));

describe('a cell of the file', () => {
  test.each([
    ['singleLineText', 'Ann', 'Ann'],
    ['multilineText', 'one\ntwo', 'one\ntwo'],
    ['richText', '* one', '* one'],
    ['email', 'ann@example.com', 'ann@example.com'],
    ['url', 'https://example.com/a', 'https://example.com/a'],
    ['phoneNumber', '+14155550123', '+14155550123'],
    ['number', '12', 12],
    ['number', '-1234.5', -1234.5],
    ['number', '1.5e3', 1500],
    ['number', '1,234', 1234],
    ['number', '1,234,567.5', 1234567.5],
    ['number', '1.234.567,5', 1234567.5],
    ['number', '12,5', 12.5],
    ['number', '\u22123', -3],
    ['currency', '9.90', 9.9],
    ['currency', '$1,234.50', 1234.5],
    ['currency', '-$5', -5],
    ['currency', '($5.00)', -5],
    ['currency', '1.234,50 €', 1234.5],
    ['duration', '1:30', 5400],
    ['duration', '90', 90],
    ['rating', '4', 4],
    ['percent', '0.5', 0.5],
    ['percent', '50%', 0.5],
    ['percent', '12.5 %', 0.125],
    ['checkbox', 'TRUE', true],
    ['checkbox', 'False', false],
    ['singleSelect', 'New', 'New'],
    ['singleSelect', 'in TALKS', 'In talks'],
    ['singleSelect', 'won', 'won'],
    ['multipleSelects', 'New', ['New']],
    ['multipleSelects', 'new, In talks;won', ['New', 'In talks', 'won']],
    ['multipleSelects', 'Won, paid', ['Won, paid']],
    ['date', '2026-05-31', '2026-05-31'],
    ['date', '2026-05-31T09:30:00.000Z', '2026-05-31'],
    ['date', '31/05/2026', '2026-05-31'],
    ['date', '5/31/2026', '2026-05-31'],
    ['date', 'May 31, 2026', '2026-05-31'],
    ['date', '2026-05-31 09:30', '2026-05-31'],
    ['dateTime', '2026-05-31', '2026-05-31'],
    ['dateTime', '5/31/2026 9:30pm', '2026-05-31T21:30:00.000Z'],
    ['dateTime', '5/31/2026 12:05am', '2026-05-31T00:05:00.000Z'],
    ['dateTime', '2026-05-31 09:30', '2026-05-31T09:30:00.000Z'],
    ['dateTime', '2026-05-31T09:30:15+02:00', '2026-05-31T07:30:15.000Z'],
    ['singleCollaborator', 'ana@example.com', { email: 'ana@example.com' }],
    ['multipleCollaborators', 'a@b.c, d@e.f', [{ email: 'a@b.c' }, { email: 'd@e.f' }]],
    ['multipleAttachments', 'https://a.b/c.png', [{ url: 'https://a.b/c.png' }]],
    [
      'multipleAttachments',
      'https://a.b/c,d.png, http://e.f/g',
      [{ url: 'https://a.b/c,d.png' }, { url: 'http://e.f/g' }],
    ],
    ['singleCollaborator', 'Ana Lee <ana@example.com>', { email: 'ana@example.com' }],
    [
      'multipleAttachments',
      'a photo.png (https://a.b/c.png),two.pdf (https://a.b/d)',
      [
        { url: 'https://a.b/c.png', filename: 'a photo.png' },
        { url: 'https://a.b/d', filename: 'two.pdf' },
      ],
    ],
    ['barcode', '4006381333931', { text: '4006381333931' }],
  ])('for a column of type %s: %j becomes %j', (type, text, cell) => {
    expect(reading(type, text)).toEqual({ cell });
  });

  test.each([
    ['number', 'twelve', 'is not a number: write it like 1234.5'],
    ['number', '0x10', 'is not a number: write it like 1234.5'],
    ['currency', '$five', 'is not an amount: write it like 1234.5'],
    ['percent', '5%%', 'is not a number: write it like 1234.5'],
    ['checkbox', 'maybe', 'is neither yes nor no: write true or false'],
    ['singleSelect', 'Lost', NOT_AN_OPTION],
    ['multipleSelects', 'New, Lost', NOT_AN_OPTION],
    ['date', '04/05/2026', 'is not a date: write it like 2026-05-31'],
    ['date', '2026-02-30', 'is not a date: write it like 2026-05-31'],
    ['date', '2026-13-01', 'is not a date: write it like 2026-05-31'],
    ['dateTime', '2026-05-31T25:00', 'is not a time: write it like 2026-05-31T09:30Z'],
    ['dateTime', 'tomorrow', 'is not a time: write it like 2026-05-31T09:30Z'],
    ['singleCollaborator', 'Ana', NOT_AN_EMAIL],
    ['multipleCollaborators', 'a@b.c, Ana', NOT_AN_EMAIL],
    ['multipleAttachments', 'photo.png', 'is not a URL: Airtable downloads an attachment from its URL'],
  ])('for a column of type %s: %j is rejected', (type, text, rejection) => {
    expect(reading(type, text)).toEqual({ rejection });
  });

  test('for a select without options is rejected, because an import adds none', () => {
    expect(readCell('New', field('singleSelect'))).toEqual({
      rejection: 'is not an option of the column (options: none). Add it in Airtable, or correct it',
    });
  });

  test.each<[type: string, options: FieldModel['options'], text: string, cell: unknown]>([
    ['date', { dateFormat: { name: 'us' } }, '4/5/2026', '2026-04-05'],
    ['date', { dateFormat: { name: 'european' } }, '4/5/2026', '2026-05-04'],
    ['dateTime', { timeZone: 'Europe/Berlin' }, '2026-05-31 09:30', '2026-05-31T07:30:00.000Z'],
    ['dateTime', { timeZone: 'America/New_York' }, '2026-12-31 23:30', '2027-01-01T04:30:00.000Z'],
    ['duration', { durationFormat: 'h:mm:ss.S' }, '1:30:15.5', 5415.5],
    ['currency', { symbol: 'CHF', precision: 2 }, "CHF 1'234.50", 1234.5],
    ['number', { precision: 3 }, '1.234', 1.234],
    ['number', { precision: 2 }, '1 234,50', 1234.5],
    ['currency', { symbol: '€' }, '1\u202f234,50 €', 1234.5],
    ['percent', { precision: 1 }, '33.3%', 0.333],
    ['rating', { max: 5 }, '5', 5],
    ['date', {}, 'Sept 3, 2026', '2026-09-03'],
  ])('for a column of type %s with options %j: %j becomes %j', (type, options, text, cell) => {
    expect(readCell(text, { ...field(type), ...(options && { options }) })).toEqual({ cell });
  });

  test.each<[type: string, options: FieldModel['options'], text: string]>([
    ['dateTime', { timeZone: 'utc' }, '2026-05-31T09:30:00+25:00'],
    ['dateTime', { timeZone: 'Nowhere/Town' }, '2026-05-31 09:30'],
    ['date', {}, 'Marchesa 3, 2026'],
    ['number', {}, '1e999'],
    ['rating', { max: 5 }, '6'],
    ['rating', { max: 5 }, '0'],
    ['rating', { max: 5 }, '1.5'],
    // Ambiguous.
    ['date', { dateFormat: { name: 'local' } }, '4/5/2026'],
    ['duration', { durationFormat: 'h:mm:ss' }, '1:30'],
    ['number', { precision: 0 }, '1.234'],
    ['currency', { precision: 2 }, '1.234'],
  ])('for a column of type %s with options %j: %j is rejected', (type, options, text) => {
    expect(readCell(text, { ...field(type), ...(options && { options }) })).toEqual({
      rejection: expect.any(String),
    });
  });

  test('has files as Airtable exports them, whose names have brackets and commas', () => {
    expect(
      reading('multipleAttachments', 'a, b (1).png (https://x.example/a),c.pdf (https://x.example/c_(1))'),
    ).toEqual({
      cell: [
        { filename: 'a, b (1).png', url: 'https://x.example/a' },
        { filename: 'c.pdf', url: 'https://x.example/c_(1)' },
      ],
    });
    expect(
      reading('multipleAttachments', 'a.png (https://x.example/1,2),b.png (https://x.example/2)'),
    ).toEqual({
      rejection: expect.any(String),
    });
  });

  test('has options as Airtable exports them, quoted if they have a comma', () => {
    expect(reading('multipleSelects', 'New,"Won, paid"')).toEqual({ cell: ['New', 'Won, paid'] });
    expect(readCell('"A ""b"", c",5" pipe', field('multipleSelects', ['A "b", c', '5" pipe']))).toEqual({
      cell: ['A "b", c', '5" pipe'],
    });
  });

  const SPLIT_TYPES = ['multipleAttachments', 'multipleSelects', 'multipleCollaborators'];

  test.each([...SPLIT_TYPES, 'number', 'dateTime', 'duration'])(
    'of 100 kB is read in a moment for a column of type %s',
    (type) => {
      const begun = performance.now();
      for (const piece of [' ', '(', 'a ', '"', ',', '(https://', '1', '1 ', 'a (https://x),']) {
        const long = piece.repeat(100_000 / piece.length);
        for (const text of [long, `a${long}b`]) reading(type, text);
      }
      expect(performance.now() - begun).toBeLessThan(5_000);
    },
  );

  test.each([
    'formula',
    'autoNumber',
    'multipleLookupValues',
    'createdTime',
    'button',
    'multipleRecordLinks',
    'aiText',
  ])('cannot fill a column of type %s', (type) => {
    expect(canBeFilled(field(type))).toBe(false);
  });
});
