import { describe, expect, test } from '@jest/globals';
import { canBeFilled, readCell } from '../../../operations/import/column-types';

const field = (type: string, choices: readonly string[] = []) => ({
  id: 'fldOne',
  name: 'column',
  type,
  options: { choices: choices.map((name) => ({ name })) },
});
const CHOICES = ['New', 'In talks', 'Won, paid', 'won'];
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
    ['currency', '9.90', 9.9],
    ['duration', '90', 90],
    ['rating', '4', 4],
    ['percent', '0.5', 0.5],
    ['percent', '50%', 0.5],
    ['percent', '12.5 %', 0.125],
    ['checkbox', 'TRUE', true],
    ['checkbox', 'Yes', true],
    ['checkbox', '1', true],
    ['checkbox', 'x', true],
    ['checkbox', '✓', true],
    ['checkbox', 'checked', true],
    ['checkbox', 'False', false],
    ['checkbox', 'no', false],
    ['checkbox', '0', false],
    ['singleSelect', 'New', 'New'],
    ['singleSelect', 'in TALKS', 'In talks'],
    ['singleSelect', 'won', 'won'],
    ['multipleSelects', 'New', ['New']],
    ['multipleSelects', 'new, In talks;won', ['New', 'In talks', 'won']],
    ['multipleSelects', 'Won, paid', ['Won, paid']],
    ['date', '2026-05-31', '2026-05-31'],
    ['date', '2026-05-31T09:30:00.000Z', '2026-05-31'],
    ['dateTime', '2026-05-31', '2026-05-31'],
    ['dateTime', '2026-05-31 09:30', '2026-05-31T09:30'],
    ['dateTime', '2026-05-31T09:30:15+02:00', '2026-05-31T09:30:15+02:00'],
    ['singleCollaborator', 'ana@example.com', { email: 'ana@example.com' }],
    ['multipleCollaborators', 'a@b.c, d@e.f', [{ email: 'a@b.c' }, { email: 'd@e.f' }]],
    ['multipleAttachments', 'https://a.b/c.png', [{ url: 'https://a.b/c.png' }]],
    [
      'multipleAttachments',
      'https://a.b/c,d.png, http://e.f/g',
      [{ url: 'https://a.b/c,d.png' }, { url: 'http://e.f/g' }],
    ],
    ['barcode', '4006381333931', { text: '4006381333931' }],
  ])('for a column of type %s: %j becomes %j', (type, text, cell) => {
    expect(reading(type, text)).toEqual({ cell });
  });

  test.each([
    ['number', '1,234', 'is no number: write it like 1234.5'],
    ['number', 'twelve', 'is no number: write it like 1234.5'],
    ['number', '0x10', 'is no number: write it like 1234.5'],
    ['currency', '$5', 'is no number: write it like 1234.5'],
    ['percent', '5%%', 'is no number: write it like 1234.5'],
    ['checkbox', 'maybe', 'is neither yes nor no: write true or false'],
    [
      'singleSelect',
      'Lost',
      'is no choice of the column; they are: "New", "In talks", "Won, paid", "won". Add it in Airtable, or correct it',
    ],
    [
      'multipleSelects',
      'New, Lost',
      'is no choice of the column; they are: "New", "In talks", "Won, paid", "won". Add it in Airtable, or correct it',
    ],
    ['date', '31/05/2026', 'is no date: write it like 2026-05-31'],
    ['date', '2026-02-30', 'is no date: write it like 2026-05-31'],
    ['date', '2026-13-01', 'is no date: write it like 2026-05-31'],
    ['dateTime', '2026-05-31T25:00', 'is no time: write it like 2026-05-31T09:30Z'],
    ['dateTime', 'tomorrow', 'is no time: write it like 2026-05-31T09:30Z'],
    ['singleCollaborator', 'Ana', "is no e-mail address, by which the base's collaborators are named"],
    [
      'multipleCollaborators',
      'a@b.c, Ana',
      "is no e-mail address, by which the base's collaborators are named",
    ],
    ['multipleAttachments', 'photo.png', 'is no web address, from which Airtable would fetch the file'],
  ])('for a column of type %s: %j is refused', (type, text, refusal) => {
    expect(reading(type, text)).toEqual({ refusal });
  });

  test('for a select without choices is refused, since an import adds none', () => {
    expect(readCell('New', field('singleSelect'))).toEqual({
      refusal: 'is no choice of the column; they are: none. Add it in Airtable, or correct it',
    });
  });

  test.each([
    'formula',
    'autoNumber',
    'multipleLookupValues',
    'createdTime',
    'button',
    'multipleRecordLinks',
    'aiText',
  ])('fills no column of type %s', (type) => {
    expect(canBeFilled(field(type))).toBe(false);
  });
});
