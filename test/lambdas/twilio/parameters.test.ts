import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { personName } from '../../../lambdas/twilio/parameters';

describe("a person's name", () => {
  test.each([
    [' Ann\t\nLee ', 'Ann Lee'],
    ['\u001b[31mAnn\u0007\u202e', 'Ann'],
    ['👩‍👧 Ann', '👩‍👧 Ann'],
  ])('%j is %j', (given, name) => {
    expect(v.parse(personName, given)).toBe(name);
  });

  test.each(['', ' ', '\u200b', '\u200d', '\u001b[31m'])(
    'without visible characters is missing: %j',
    (given) => {
      expect(v.safeParse(personName, given).issues?.map(({ message }) => message)).toContain('is missing');
    },
  );
});
