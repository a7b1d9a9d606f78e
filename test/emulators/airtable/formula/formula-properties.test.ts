import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FieldType } from '../../../../emulators/airtable/airtable-emulator';
import { AirtableError } from '../../../../emulators/airtable/airtable-errors';
import { aBase, aTable } from '../../../../emulators/airtable/base-data';
import { compileFormula } from '../../../../emulators/airtable/formula/formula';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const COLUMNS: Record<string, FieldType> = { name: 'singleLineText' };

/** The escaping of text literals (airtable.md#formula-literals). */
const quoted = (text: string, quote: string) =>
  quote + text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote;

const anyText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: fc.constantFrom('"', "'", '\\', '{', '}', '=', 'n', ',', '(', ')', ' '), minLength: 1 }),
);

const formulaLike = fc
  .array(
    fc.constantFrom(
      ...[
        'AND',
        'OR',
        'LEN',
        'IF',
        'FOO',
        '(',
        ')',
        ',',
        '{name}',
        '{x}',
        'name',
        '"a"',
        "'",
        '"',
        '\\',
        '&',
      ],
      ...['=', '<', '1', '1.5', '.', '-', '+', '*', '/', '!', ' ', 'é', '“'],
    ),
    { maxLength: 30 },
  )
  .map((tokens) => tokens.join(''));

describe('any text', () => {
  test('equals only itself when escaped', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.constantFrom('"', "'"), (text, other, quote) => {
        const table = aTable('T', COLUMNS, [{ name: text }, { name: other }]);
        const formula = compileFormula(`{name}=${quoted(text, quote)}`, table, aBase([table]), NOW);

        expect(table.records.map((record) => formula.keeps(record))).toEqual([true, other === text]);
      }),
    );
  });

  test('is a formula, or is rejected with 422 or 501', () => {
    const table = aTable('T', COLUMNS, [{ name: 'Ann' }]);
    fc.assert(
      fc.property(fc.oneof(anyText, formulaLike), (text) => {
        expect([200, 422, 501]).toContain(outcome(() => compileFormula(text, table, aBase([table]), NOW)));
      }),
      { numRuns: 1000 },
    );
  });
});

function outcome(compile: () => unknown): number {
  try {
    compile();
    return 200;
  } catch (error) {
    if (error instanceof AirtableError) return error.status;
    throw error;
  }
}
