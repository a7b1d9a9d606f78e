import { describe, expect, test } from '@jest/globals';
import { addressesOf, displayName } from '../../../lambdas/customers/customer';
import { addressOn } from '../../../lambdas/phone-number/address';

const number = '+14155550123';

describe('the display name of a customer', () => {
  test.each([
    ['Jane Roe', 'Jane Roe'],
    [null, 'Customer 98'],
    ['x'.repeat(256), 'x'.repeat(256)],
    ['x'.repeat(257), `${'x'.repeat(255)}…`],
    ['🌻'.repeat(200), `${'🌻'.repeat(127)}…`],
  ])('is for %j: %j', (name, expected) => {
    expect(displayName({ id: '98', name, avatar: null })).toBe(expected);
  });
});

describe('the addresses of a customer', () => {
  test('are those that are filled, SMS first', () => {
    expect(addressesOf({ sms: null, whatsapp: null })).toEqual([]);
    expect(addressesOf({ sms: null, whatsapp: number })).toEqual([addressOn('whatsapp', number)]);
    expect(addressesOf({ sms: number, whatsapp: number })).toEqual([
      addressOn('sms', number),
      addressOn('whatsapp', number),
    ]);
  });
});
