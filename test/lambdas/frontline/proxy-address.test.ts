import { describe, expect, test } from '@jest/globals';
import { readConfiguration } from '../../../lambdas/config';
import { proxyAddressFor } from '../../../lambdas/frontline/proxy-address';

const OURS = readConfiguration({
  AIRTABLE_BASE_ID: 'appDemonstration0',
  TWILIO_SMS_NUMBER: '+14135551234',
  TWILIO_WHATSAPP_NUMBER: 'whatsapp:+5215512345678',
});

describe('the team’s address in a conversation', () => {
  test.each([
    ['sms', '+14155550123', '+14135551234'],
    ['whatsapp', 'whatsapp:+14155550123', 'whatsapp:+5215512345678'],
    ['whatsapp', 'whatsapp:US.13491208655302741918', 'whatsapp:+5215512345678'],
  ])('by %s with %s is %s', (channel, customer, ours) => {
    expect(proxyAddressFor(channel, customer, OURS)).toBe(ours);
  });

  test.each([
    ['sms', '+14135551234'],
    ['whatsapp', 'whatsapp:+5215512345678'],
    ['whatsapp', 'whatsapp:+525512345678'],
  ])('by %s is not the customer %s, in any spelling', (channel, customer) => {
    expect(() => proxyAddressFor(channel, customer, OURS)).toThrow('our own number');
  });

  test.each([
    ['sms', 'whatsapp:+14155550123'],
    ['whatsapp', '+14155550123'],
    ['sms', 'US.13491208655302741918'],
    ['sms', '12345'],
  ])('by %s is rejected for the customer %s', (channel, customer) => {
    expect(() => proxyAddressFor(channel, customer, OURS)).toThrow('malformed');
  });
});
