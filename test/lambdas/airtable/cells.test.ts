import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  holdsOtherThanText,
  readCollaborator,
  readIdentity,
  readImage,
  readText,
} from '../../../lambdas/airtable/cells';

const ANA = { id: 'usr1', email: 'ana@example.com', name: 'Ana Li' };

describe('a cell as text', () => {
  test.each<[unknown, string | null]>([
    ['Ann', 'Ann'],
    [' Ann\n', 'Ann'],
    ['  ', null],
    [0, '0'],
    [12.5, '12.5'],
    [true, 'true'],
    [['a', ' b ', '', 3], 'a, b, 3'],
    [[], null],
    [ANA, 'Ana Li'],
    [[ANA, { ...ANA, name: 'Bo' }], 'Ana Li, Bo'],
    [{ email: 'ana@example.com' }, null],
    [{ text: '+14155550101', type: 'code39' }, '+14155550101'],
    [{ specialValue: 'NaN' }, null],
    [{ error: '#ERROR!' }, null],
    [[{ id: 'att1', url: 'https://example.com/a.png', filename: 'a.png' }], null],
    [undefined, null],
    [null, null],
  ])('%j reads %j', (cell, text) => {
    expect(readText(cell)).toBe(text);
  });

  test('is never blank, never a programmer’s word, and never an error, for any cell', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (cell) => {
        const text = readText(cell);
        expect(text === null || (text !== '' && text === text.trim())).toBe(true);
        expect(text ?? '').not.toContain('[object');
      }),
    );
  });
});

describe("a worker's identity", () => {
  test.each<[unknown, string | null]>([
    [' ana@example.com ', 'ana@example.com'],
    [ANA, 'ana@example.com'],
    [{ ...ANA, name: undefined }, 'ana@example.com'],
    [['ana@example.com'], 'ana@example.com'],
    ['\u200bana@example.com\ufeff', 'ana@example.com'],
    ['', null],
    [undefined, null],
  ])('in %j is %j', (cell, identity) => {
    expect(readIdentity(cell)).toBe(identity);
  });

  test.each([undefined, 'ana@example.com', {}, { email: 3 }, [ANA]])('%j is not a collaborator', (cell) => {
    expect(readCollaborator(cell)).toBeNull();
  });
});

describe('an image address', () => {
  const url = 'https://example.com/a.png';

  test.each<[unknown, string | null]>([
    [url, url],
    [` ${url}\n`, url],
    ['HTTP://example.com/a.png', 'HTTP://example.com/a.png'],
    ['example.com/a.png', null],
    ['https://example.com/a b.png', null],
    ['javascript:alert(1)', null],
    ['https://', null],
    [[{ url, type: 'image/png' }], url],
    [[{ url }], url],
    [
      [
        { url: 'https://example.com/a.pdf', type: 'application/pdf' },
        { url, type: 'image/png' },
      ],
      url,
    ],
    [[{ url: 'data:image/png;base64,AA', type: 'image/png' }], null],
    [[], null],
    [undefined, null],
    [{ url }, null],
  ])('in %j is %j', (cell, address) => {
    expect(readImage(cell)?.address ?? null).toBe(address);
  });

  test('of an attachment has the id of the attachment, because its address changes', () => {
    const cell = [{ id: 'att1', url, type: 'image/png' }];

    expect(readImage(cell)).toEqual({ address: url, attachment: 'att1' });
    expect(readImage(url)).toEqual({ address: url, attachment: null });
  });
});

describe('a cell that is neither blank nor text', () => {
  test.each<[unknown, boolean]>([
    [{ error: '#ERROR!' }, true],
    [{ specialValue: 'NaN' }, true],
    [['recAAAAAAAAAAAAAA'], true],
    [['+14155550101', { error: '#ERROR!' }], true],
    [[{ id: 'att1', url: 'https://example.com/a.png' }], true],
    [undefined, false],
    [null, false],
    ['', false],
    ['\n', false],
    [0, false],
    [[], false],
    [['', null], false],
    [['+14155550101'], false],
    [{ text: '+14155550101' }, false],
    [ANA, false],
  ])('%j: %j', (cell, is) => {
    expect(holdsOtherThanText(cell)).toBe(is);
  });
});
