import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatAddress, parseAddress } from '../../../lambdas/phone-number/address';

describe('an address as Twilio writes it', () => {
  test.each([
    ['+14155550123', { channel: 'sms', number: '+14155550123' }],
    ['whatsapp:+14155550123', { channel: 'whatsapp', number: '+14155550123' }],
    [' +442079460958 ', { channel: 'sms', number: '+442079460958' }],
  ])('%s is understood', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });

  test.each([
    ['a short code', '12345'],
    ['the name of a sender', 'ACME'],
    ['a chat identity', 'ana@example.com'],
    ['another channel', 'messenger:1234567890'],
    ['WhatsApp twice', 'whatsapp:whatsapp:+14155550123'],
    ['WhatsApp and nothing', 'whatsapp:'],
    ['no plus sign', '14155550123'],
    ['a blank for the plus sign, as of a form that was not encoded', ' 14155550123'],
    ['letters behind the number', '+14155550123x'],
    ['several numbers, as of a group', '+14155550123, +14155550124'],
    ['too many digits', '+1234567890123456'],
    ['a country code of zero', '+04155550123'],
    ['nothing', ''],
  ])('%s is no number', (_what, text) => {
    expect(parseAddress(text)).toBeNull();
  });

  test('that is understood is written as it was', () => {
    const number = fc.stringMatching(/^\+1[2-9]\d{2}[2-9]\d{6}$/);
    fc.assert(
      fc.property(number, fc.constantFrom('', 'whatsapp:'), (digits, prefix) => {
        const address = parseAddress(prefix + digits);
        expect(address && formatAddress(address)).toBe(prefix + digits);
      }),
    );
  });

  test('is understood or not, and never an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^(whatsapp:)?\+\d{1,18}$/)),
        (text) => {
          const address = parseAddress(text);
          expect(address === null || text.includes(address.number.slice(-4))).toBe(true);
        },
      ),
    );
  });
});
