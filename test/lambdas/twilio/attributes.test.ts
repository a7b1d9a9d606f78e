import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addMissing } from '../../../lambdas/twilio/attributes';

const JANE = { customer_id: '98', display_name: 'Jane', avatar: null };

const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
const attributes = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('customer_id', 'avatar')), value);
const additions = fc.record({
  customer_id: fc.string({ minLength: 1 }),
  display_name: fc.string({ minLength: 1 }),
  avatar: fc.option(fc.webUrl()),
});

const isBlank = (cell: unknown) => cell === undefined || cell === null || cell === '';

describe('addMissing', () => {
  test('adds missing keys', () => {
    expect(addMissing('{"role":"buyer"}', JANE)).toBe(
      '{"role":"buyer","customer_id":"98","display_name":"Jane"}',
    );
  });

  test('treats blank attributes as an empty object', () => {
    expect(addMissing('', JANE)).toBe('{"customer_id":"98","display_name":"Jane"}');
  });

  test.each(['{', 'null', '[]', '"text"', '7', 'undefined'])(
    'adds nothing to a text that is not an object: %s',
    (text) => {
      expect(addMissing(text, JANE)).toBeNull();
    },
  );

  test('never changes or loses existing keys', () => {
    fc.assert(
      fc.property(attributes, additions, (present, added) => {
        const before = JSON.stringify(present);
        const after = JSON.parse(addMissing(before, added) ?? before);

        for (const [name, cell] of Object.entries(present)) {
          if (!isBlank(cell)) expect(after[name]).toEqual(JSON.parse(JSON.stringify(cell)));
        }
        expect(Object.keys(after)).toEqual(expect.arrayContaining(Object.keys(present)));
      }),
    );
  });

  test('adds every given key, and returns null the second time', () => {
    fc.assert(
      fc.property(attributes, additions, (present, added) => {
        const before = JSON.stringify(present);
        const after = addMissing(before, added) ?? before;

        for (const [name, cell] of Object.entries(added)) {
          if (cell !== null) expect(isBlank(JSON.parse(after)[name])).toBe(false);
        }
        expect(addMissing(after, added)).toBeNull();
      }),
    );
  });

  test('adds up to 4 kB, counted in bytes, and beyond that nothing', () => {
    const rest = '{"display_name":""}'.length;
    const fits = 'é'.repeat((4_096 - rest - 1) / 2);

    expect(Buffer.byteLength(addMissing('', { display_name: `${fits}x` }) ?? '')).toBe(4_096);
    expect(addMissing('', { display_name: `${fits}xx` })).toBeNull();
  });
});
