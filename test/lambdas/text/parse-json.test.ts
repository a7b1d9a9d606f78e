import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../../lambdas/text/parse-json';

test('a JSON text is read', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(parseJson(text))).toBe(text);
    }),
  );
});

test.each(['', ' ', '{', "{'a':1}", 'undefined', '<html>', '[1,]'])('%j is none', (text) => {
  expect(parseJson(text)).toBeUndefined();
});
