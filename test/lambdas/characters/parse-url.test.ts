import { expect, test } from '@jest/globals';
import { parseUrl } from '../../../lambdas/characters/parse-url';

test('a URL in another script is parsed each time, in a process that has parsed many', () => {
  const hosts = Array.from({ length: 20_000 }, () => parseUrl('https://Büro.example.com/ü')?.host);

  expect(new Set(hosts)).toEqual(new Set(['xn--bro-hoa.example.com']));
});

test.each(['', 'example.com', 'https://', '//example.com'])('%j is not a URL', (text) => {
  expect(parseUrl(text)).toBeNull();
});
