import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CountryCode, getCountries, getExampleNumber } from 'libphonenumber-js';
import examples from 'libphonenumber-js/mobile/examples';
import {
  addressOn,
  digitTailOf,
  keyOf,
  parseAddress,
  readNumberCell,
  spellingsOf,
} from '../../../lambdas/phone-number/address';

const e164 = fc.stringMatching(/^\+[1-9]\d{5,14}$/);
const whatsAppId = fc.stringMatching(/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/);

/** Mobile numbers of countries whose numbers have no second form, from the metadata's examples. */
const ORDINARY = getCountries()
  .filter((country) => !['MX', 'AR', 'BR', 'BJ', 'CI'].includes(country))
  .flatMap((country) => getExampleNumber(country, examples)?.number ?? [])
  .filter((number) => number.length > 10);
const ordinaryNumber = fc
  .tuple(fc.constantFrom(...ORDINARY), fc.stringMatching(/^\d{4}$/))
  .map(([number, line]) => number.slice(0, -4) + line);

describe('an address in Twilio’s format', () => {
  test.each([
    ['+14155550123', { channel: 'sms', text: '+14155550123', key: 'phone:+14155550123' }],
    [
      'whatsapp:+14155550123',
      { channel: 'whatsapp', text: 'whatsapp:+14155550123', key: 'phone:+14155550123' },
    ],
    [' +442079460958 ', { channel: 'sms', text: '+442079460958', key: 'phone:+442079460958' }],
    [
      'whatsapp:+5215512345678',
      { channel: 'whatsapp', text: 'whatsapp:+5215512345678', key: 'phone:+525512345678' },
    ],
    ['+999123456', { channel: 'sms', text: '+999123456', key: 'phone:+999123456' }],
    [
      'whatsapp:US.13491208655302741918',
      {
        channel: 'whatsapp',
        text: 'whatsapp:US.13491208655302741918',
        key: 'whatsapp-id:US.13491208655302741918',
      },
    ],
    [
      'whatsapp:BR.ENT.1A2b3C',
      { channel: 'whatsapp', text: 'whatsapp:BR.ENT.1A2b3C', key: 'whatsapp-id:BR.ENT.1A2b3C' },
    ],
  ])('%s is parsed', (text, address) => {
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
    ['a WhatsApp user id without its channel', 'US.13491208655302741918'],
    ['a WhatsApp user id of a country in lower case', 'whatsapp:us.13491208655302741918'],
    ['a WhatsApp user id with a space', 'whatsapp:US.1349 1208'],
    ['a WhatsApp user id that is too long', `whatsapp:US.${'1'.repeat(129)}`],
    ['nothing', ''],
  ])('%s is not an address', (_what, text) => {
    expect(parseAddress(text)).toBeNull();
  });

  test('keeps its text, which is among the spellings of its key', () => {
    fc.assert(
      fc.property(fc.oneof(ordinaryNumber, whatsAppId), fc.boolean(), (value, isWhatsApp) => {
        const text = isWhatsApp || value.includes('.') ? `whatsapp:${value}` : value;
        const address = parseAddress(text);
        expect(address?.text).toBe(text);
        expect(address && spellingsOf(address.key)).toContain(text);
      }),
    );
  });

  test('is parsed or null, and never an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^(whatsapp:)?\+\d{1,18}$/)),
        (text) => {
          expect([null, text.trim()]).toContain(parseAddress(text)?.text ?? null);
        },
      ),
    );
  });
});

describe('the key of an address', () => {
  const FORMS: readonly (readonly [string, readonly string[]])[] = [
    ['Mexico with and without 1', ['+525512345678', '+5215512345678']],
    ['Argentina with and without 9', ['+5491123450004', '+541123450004']],
    ['Argentina outside Buenos Aires', ['+5493511234567', '+543511234567']],
    ['a Brazilian mobile with and without the ninth digit', ['+5531988880003', '+553188880003']],
    ['a mobile of São Paulo beginning with 7', ['+5511976543210', '+551176543210']],
    ['Benin before and after', ['+2290190011234', '+22990011234']],
    ["a landline of Benin's before and after", ['+2290121301234', '+22921301234']],
    ['Orange of Ivory Coast before and after', ['+2250747123456', '+22547123456']],
    ['MTN of Ivory Coast before and after', ['+2250554123456', '+22554123456']],
    ['Moov of Ivory Coast before and after', ['+2250101123456', '+22501123456']],
    ['a landline of Orange in Ivory Coast', ['+2252721234567', '+22521234567']],
    ['a landline of MTN in Ivory Coast', ['+2252520012345', '+22520012345']],
    ['a landline of Moov in Ivory Coast', ['+2252120812345', '+22520812345']],
  ];

  test.each(FORMS)('is the same for %s', (_name, forms) => {
    expect(new Set(forms.map(keyOf)).size).toBe(1);
    for (const form of forms) {
      const spellings = spellingsOf(keyOf(form));
      for (const other of forms)
        expect(spellings).toEqual(expect.arrayContaining([other, `whatsapp:${other}`]));
      expect(spellings).toHaveLength(2 * forms.length);
    }
  });

  test.each([
    ['a Brazilian landline gets no ninth digit', '+553138880003', '+5531938880003'],
    ['nor is a mobile number whose rest looks like a landline shortened', '+5531938880003', '+553138880003'],
    ['an invalid Brazilian area code', '+552088880003', '+5520988880003'],
    ['a Mexican number that is too short', '+521551234567', '+52551234567'],
    ['a number of Benin that was never given', '+22910011234', '+2290110011234'],
    ['an operator of Ivory Coast that is gone', '+22560123456', '+2250160123456'],
    ['one operator of Ivory Coast is not another', '+22547123456', '+2250547123456'],
    ['the United States with a 1 too many', '+114155550102', '+11415555010'],
  ])('%s', (_name, one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  test('is the same for a number with the national prefix after its country code', () => {
    expect(keyOf('+4402079460958')).toBe(keyOf('+442079460958'));
  });

  test('distinguishes any two other numbers', () => {
    fc.assert(
      fc.property(ordinaryNumber, ordinaryNumber, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(one === other);
      }),
      { numRuns: 200 },
    );
  });

  test('distinguishes neighbouring numbers of one country, also where numbers have two forms', () => {
    const line = fc.tuple(
      fc.constantFrom(
        '+52155',
        '+5255',
        '+54911',
        '+5411',
        '+55319',
        '+5531',
        '+22907',
        '+229',
        '+22507',
        '+225',
      ),
      fc.stringMatching(/^[2-9]\d{7}$/),
    );
    fc.assert(
      fc.property(line, line, ([code, one], [otherCode, other]) => {
        if (one !== other) expect(keyOf(code + one)).not.toBe(keyOf(otherCode + other));
      }),
      { numRuns: 200 },
    );
  });

  test('does not change when read again', () => {
    fc.assert(
      fc.property(fc.oneof(e164, whatsAppId), (value) => {
        const key = keyOf(value);
        for (const spelling of spellingsOf(key)) expect(parseAddress(spelling)?.key).toBe(key);
      }),
      { numRuns: 300 },
    );
  });

  test('does not depend on the channel', () => {
    fc.assert(
      fc.property(e164, (number) => {
        expect(addressOn('whatsapp', number).key).toBe(addressOn('sms', number).key);
      }),
    );
  });

  test('is equal for equal texts, in a cell or an address', () => {
    const country = fc.constantFrom<CountryCode>('US', 'MX', 'DE', 'BR', 'CI');
    fc.assert(
      fc.property(e164, country, fc.constantFrom('', 'whatsapp:'), (number, itsCountry, prefix) => {
        const cell = readNumberCell(prefix + number, 'whatsapp', itsCountry);
        expect(cell).toMatchObject({ kind: 'one', key: parseAddress(prefix + number)?.key });
      }),
      { numRuns: 300 },
    );
  });

  test('of a WhatsApp user id is case-sensitive', () => {
    expect(keyOf('US.1a')).not.toBe(keyOf('US.1A'));
  });
});

describe('the digit tail of a key', () => {
  test('is the last seven digits, which every form of a number shares', () => {
    expect(digitTailOf(keyOf('+5215512345678'))).toBe('2345678');
    expect(digitTailOf(keyOf('+22990011234'))).toBe('0011234');
    expect(digitTailOf(keyOf('+14155550102'))).toBe('5550102');
  });

  test('of a short national number begins in the country code', () => {
    expect(digitTailOf(keyOf('+50051234'))).toBe('0051234');
  });

  test('of a WhatsApp user id is null', () => {
    expect(digitTailOf(keyOf('US.13491208655302741918'))).toBeNull();
  });
});
