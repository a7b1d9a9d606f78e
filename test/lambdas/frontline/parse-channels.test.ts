import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BadRequestError } from '../../../lambdas/errors';
import { parseChannels } from '../../../lambdas/frontline/parse-channels';

const channels = (...list: readonly unknown[]) => JSON.stringify(list);

/** The sentence that the worker gets. */
function refusal(json: string): string {
  try {
    return `accepted: ${JSON.stringify(parseChannels(json, 'US'))}`;
  } catch (error) {
    if (error instanceof BadRequestError) return error.userMessage;
    throw error;
  }
}

describe('the channels of a customer to be created', () => {
  test.each([
    [channels({ type: 'sms', value: '+14155550123' }), '+14155550123', null],
    [channels({ type: 'whatsapp', value: 'whatsapp:+14155550123' }), null, '+14155550123'],
    [
      channels({ type: 'whatsapp', value: '415 555 0124' }, { type: 'sms', value: '(415) 555-0123' }),
      '+14155550123',
      '+14155550124',
    ],
    [channels({ type: 'sms', value: '' }, { type: 'whatsapp', value: '+14155550123' }), null, '+14155550123'],
    [channels({ type: 'email', value: '' }, { type: 'sms', value: '+14155550123' }), '+14155550123', null],
    [channels({ type: 'sms', value: '+14155550123', more: 1 }), '+14155550123', null],
    [channels({ type: 'whatsapp', value: '+52 1 55 4444 0005' }), null, '+5215544440005'],
    [channels({ type: 'whatsapp', value: 'whatsapp:US.1349120865530' }), null, 'US.1349120865530'],
  ])('%s are parsed', (json, sms, whatsapp) => {
    expect(parseChannels(json, 'US')).toEqual({ sms, whatsapp });
  });

  test('are parsed with the default country of numbers', () => {
    const json = channels({ type: 'sms', value: '020 7946 0001' });

    expect(parseChannels(json, 'GB').sms).toBe('+442079460001');
    expect(refusal(json)).toBe('"020 7946 0001" is not a phone number. Please check it.');
  });

  test.each([
    ['', /could not be read/],
    ['{}', /could not be read/],
    ['[null]', /could not be read/],
    [channels({ type: 'sms' }), /could not be read/],
    [channels(), /add a phone number/],
    [channels({ type: 'chat', value: 'jane' }), /SMS and WhatsApp numbers only/],
    [channels({ type: 'sms', value: 'call me' }), /"call me" is not a phone number/],
    [channels({ type: 'sms', value: 'US.1349120865530' }), /"US.1349120865530" is not a phone number/],
    [
      channels({ type: 'sms', value: '4155550123;4155550124' }),
      /"4155550123;4155550124" is not a phone number/,
    ],
    [channels({ type: 'sms', value: '+1415555012' }), /"\+1415555012" is not a phone number/],
    [
      channels({ type: 'sms', value: '+14155550123' }, { type: 'sms', value: '+14155550123' }),
      /one number for SMS and one for WhatsApp/,
    ],
  ])('%s are rejected with a message for the worker', (json, words) => {
    expect(refusal(json)).toMatch(words);
  });

  test('are parsed or rejected for any input', () => {
    const channel = fc.record({
      type: fc.constantFrom('sms', 'whatsapp', 'email', '__proto__'),
      value: fc.oneof(fc.string(), fc.constantFrom('+14155550123', 'whatsapp:', ' ', '0')),
    });
    const json = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(channel).map((list) => JSON.stringify(list)),
    );
    fc.assert(
      fc.property(json, (text) => {
        expect(refusal(text)).toMatch(/^accepted: .*\+\d{6,15}|\.$/s);
      }),
    );
  });
});
