import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fillMergeFields } from '../../../lambdas/templates/merge-fields';

const anyText = fc.string({ unit: 'grapheme' });
const braceless = anyText.filter((text) => !/[{}]/.test(text));
const fieldName = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .map((name) => name.replace(/[{}|]/g, '').trim())
  .filter((name) => name !== '');
/** Texts with many parts of merge fields. */
const templateLike = fc
  .array(fc.constantFrom('{{', '}}', '{', '}', '|', ' ', 'name', 'plan', 'x', '$&', '{{name}}', '{{plan|-}}'))
  .map((parts) => parts.join(''));

const nothing = () => null;

describe('filling a template', () => {
  test('leaves a text without braces unchanged, for any values', () => {
    fc.assert(
      fc.property(braceless, fc.option(anyText), (text, value) => {
        expect(fillMergeFields(text, () => value)).toEqual({ text });
      }),
    );
  });

  test('inserts every value verbatim', () => {
    fc.assert(
      fc.property(braceless, fieldName, braceless, anyText, fc.constantFrom('', ' ', '\n\t'), (...given) => {
        const [before, name, after, value, space] = given;
        const template = `${before}{{${space}${name}${space}}}${after}`;
        const fieldValue = (field: string) => (field === name ? value : null);

        expect(fillMergeFields(template, fieldValue)).toEqual({ text: before + value + after });
      }),
    );
  });

  test('uses the default only if there is no value', () => {
    const defaultText = braceless.filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(fieldName, defaultText, anyText, (name, otherwise, value) => {
        const template = `{{${name}|${otherwise}}}`;

        expect(fillMergeFields(template, nothing)).toEqual({ text: otherwise.trim() });
        expect(fillMergeFields(template, () => value)).toEqual({ text: value });
      }),
    );
  });

  test('returns a text without any field or half of one, or the unfilled fields', () => {
    const value = braceless.filter((text) => text !== '');
    fc.assert(
      fc.property(
        fc.oneof(templateLike, anyText),
        fc.option(value),
        fc.option(value),
        (template, name, plan) => {
          const values = new Map([
            ['name', name],
            ['plan', plan],
          ]);

          const filled = fillMergeFields(template, (field) => values.get(field) ?? null);

          if ('text' in filled) expect(filled.text).not.toMatch(/\{\{|\}\}/);
          else expect(filled.unfilled).not.toEqual([]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('is all or nothing: one field without a value leaves the text out', () => {
    fc.assert(
      fc.property(templateLike, templateLike, (before, after) => {
        expect(fillMergeFields(`${before} {{none}} ${after}`, nothing)).toHaveProperty('unfilled');
      }),
    );
  });

  test('returns the fields without a value, in the order of the text', () => {
    const fieldValue = (field: string) => (field === 'name' ? 'Jane' : null);

    expect(fillMergeFields('{{b}} {{name}} {{ a }} {{c|}}', fieldValue)).toEqual({
      unfilled: ['b', 'a', 'c'],
    });
  });

  test('does not fill fields within a value', () => {
    expect(fillMergeFields('{{a}}{{b}}', (field) => (field === 'a' ? '{{b}}' : 'B'))).toEqual({
      text: '{{b}}B',
    });
  });
});
