import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { templateCategories } from '../../../lambdas/templates/template-categories';

const noValue = () => null;
const aTemplate = (text: string, category: string | null = 'All') => ({
  category,
  text,
  whatsAppApproved: false,
  contentSid: null,
});

describe('the categories of templates', () => {
  test('are ordered by their first template', () => {
    const templates = [aTemplate('1', 'b'), aTemplate('2', 'a'), aTemplate('3', 'b'), aTemplate('4', null)];

    const categories = templateCategories(templates, noValue, () => {});

    expect(
      categories.map((each) => [each.display_name, each.templates.map(({ content }) => content)]),
    ).toEqual([
      ['b', ['1', '3']],
      ['a', ['2']],
      ['Other', ['4']],
    ]);
  });

  test('may have any name', () => {
    const names = ['__proto__', 'constructor', '', '0', ' '];

    const categories = templateCategories(
      names.map((name) => aTemplate('x', name)),
      noValue,
      () => {},
    );

    expect(categories.map(({ display_name }) => display_name)).toEqual(names);
  });

  test('fit into 64 kB, and hold or report every template', () => {
    const text = fc
      .tuple(fc.constantFrom('x', 'é', '"', '🌻', '\n', '{{none}}'), fc.nat(900))
      .map(([unit, count]) => unit.repeat(count));
    const category = fc.option(fc.string({ unit: 'grapheme', maxLength: 500 }));
    const template = fc.record({
      text,
      category,
      whatsAppApproved: fc.boolean(),
      contentSid: fc.constant(null),
    });
    fc.assert(
      fc.property(fc.array(template, { maxLength: 200, size: 'max' }), (templates) => {
        const reasons: string[] = [];

        const categories = templateCategories(templates, noValue, (reason) => reasons.push(reason));

        const given = categories.reduce((sum, each) => sum + each.templates.length, 0);
        expect(Buffer.byteLength(JSON.stringify(categories))).toBeLessThanOrEqual(64_000);
        expect(given + reasons.length).toBe(templates.length);
        expect(categories.every((each) => each.templates.length > 0)).toBe(true);
        expect(new Set(categories.map(({ display_name }) => display_name)).size).toBe(categories.length);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  test('include a short template after a long one that did not fit', () => {
    const long = Array.from({ length: 50 }, () => aTemplate('x'.repeat(1_600)));
    const reasons: string[] = [];

    const [category] = templateCategories([...long, aTemplate('short')], noValue, (reason) => {
      reasons.push(reason);
    });

    expect(category?.templates.at(-1)?.content).toBe('short');
    expect(reasons[0]).toMatch(/^Template \d+ \("All"\) is left out: it does not fit into the 64 kB/);
  });
});
