import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { customerList } from '../../../lambdas/frontline/customer-list-response';

const summary = fc.record({
  id: fc.oneof(fc.nat().map(String), fc.constant('recAAAAAAAAAAAAAA')),
  name: fc.option(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }).map((name) => name.replace(/\s+/g, ' ')),
  ),
  avatar: fc.option(fc.nat(1_500).map((length) => `https://example.com/${'x'.repeat(length)}`)),
});

describe('a page of customers in Frontline’s format', () => {
  test('is at most 64 kB and contains all of them, with every avatar or with none', () => {
    const page = fc.array(summary, { minLength: 30, maxLength: 100, size: 'max' });
    fc.assert(
      fc.property(page, fc.option(fc.constant('token')), (customers, nextPageToken) => {
        const answer = customerList({ customers, nextPageToken });

        const shown = answer.objects.customers;
        const avatars = shown.filter((entry) => 'avatar' in entry).length;
        expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(64_000);
        expect(shown.map(({ customer_id }) => customer_id)).toEqual(customers.map(({ id }) => id));
        expect([0, customers.filter(({ avatar }) => avatar !== null).length]).toContain(avatars);
        expect(shown.every(({ display_name }) => display_name !== '')).toBe(true);
        expect('next_page_token' in answer.objects).toBe(nextPageToken !== null);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  test('is empty without customers', () => {
    expect(customerList({ customers: [], nextPageToken: null })).toEqual({
      objects: { customers: [], searchable: true },
    });
  });
});
