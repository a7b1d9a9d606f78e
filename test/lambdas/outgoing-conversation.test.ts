import { afterEach, describe, expect, test } from '@jest/globals';
import { handler } from '../../lambdas/outgoing-conversation';
import { startWorld, world } from '../world/use-world';
import { SMS_NUMBER, WHATSAPP_NUMBER, type WorldOptions } from '../world/world';

afterEach(async () => {
  expect([...world.airtableRequests, ...world.twilio.requests]).toEqual([]);
});

async function worldOf(settings: WorldOptions['settings'] = {}) {
  await startWorld({ settings });
}

const ask = (ChannelType: string, ChannelValue: string, others: Readonly<Record<string, string>> = {}) =>
  world.ask(
    handler,
    { Location: 'GetProxyAddress', Worker: 'ana@example.com', ChannelType, ChannelValue, ...others },
    { path: '/callbacks/outgoing-conversation' },
  );

describe('the proxy address', () => {
  test.each([
    ['sms', '+14155550123', SMS_NUMBER],
    ['sms', '+442079460001', SMS_NUMBER],
    ['whatsapp', 'whatsapp:+14155550123', `whatsapp:${WHATSAPP_NUMBER}`],
  ])('for %s to %s is %s', async (type, value, proxy) => {
    await worldOf();

    const { status, body, log } = await ask(type, value, { CustomerId: '98' });

    expect(status).toBe(200);
    expect(body).toEqual({ proxy_address: proxy });
    expect(log).toMatchObject([
      { callback: 'outgoing-conversation', location: 'GetProxyAddress', customerId: '98', status: 200 },
    ]);
  });

  test.each([WHATSAPP_NUMBER, `whatsapp:${WHATSAPP_NUMBER}`, ' whatsapp:+1 (501) 712-2662 '])(
    'for WhatsApp has exactly one prefix if the setting is %j',
    async (setting) => {
      await worldOf({ TWILIO_WHATSAPP_NUMBER: setting });

      expect((await ask('whatsapp', 'whatsapp:+14155550123')).body).toEqual({
        proxy_address: `whatsapp:${WHATSAPP_NUMBER}`,
      });
    },
  );

  test('for SMS has no prefix though the setting has one', async () => {
    await worldOf({ TWILIO_SMS_NUMBER: `whatsapp:${SMS_NUMBER}` });

    expect((await ask('sms', '+14155550123')).body).toEqual({ proxy_address: SMS_NUMBER });
  });

  test('does not need a CustomerId', async () => {
    await worldOf();

    expect(await ask('sms', '+14155550123', { CustomerId: '' })).toMatchObject({ status: 200 });
  });
});

describe('no proxy address is returned', () => {
  test('for WhatsApp without a sender: a 403 names the setting', async () => {
    await worldOf({ TWILIO_WHATSAPP_NUMBER: '' });

    const { status, body, log } = await ask('whatsapp', 'whatsapp:+14155550123');

    expect(status).toBe(403);
    expect(body).toEqual({
      error: 'NotAllowed',
      message: 'No WhatsApp sender is configured: set TWILIO_WHATSAPP_NUMBER and deploy again',
      friendly_error_message: 'Conversations on this channel are not set up.',
      request_id: expect.any(String),
    });
    expect(log).toMatchObject([{ level: 'WARN', status: 403, failure: { name: 'NotAllowed' } }]);
    expect(await ask('sms', '+14155550123')).toMatchObject({ status: 200 });
  });

  test.each([
    ['chat', 'jane'],
    ['email', 'jane@example.com'],
    ['SMS', '+14155550123'],
    ['messenger', 'messenger:123'],
    ['constructor', '+14155550123'],
  ])('for the channel type %s: a 403', async (type, value) => {
    await worldOf();

    expect(await ask(type, value)).toMatchObject({
      status: 403,
      body: { message: `ChannelType "${type}" is not supported; expected sms or whatsapp` },
    });
  });

  test.each([
    ['sms', SMS_NUMBER],
    ['whatsapp', `whatsapp:${WHATSAPP_NUMBER}`],
  ])('to our own number: a 403, for %s', async (type, value) => {
    await worldOf();

    expect(await ask(type, value)).toMatchObject({
      status: 403,
      body: {
        message: expect.stringContaining('our own number'),
        friendly_error_message: 'This is our own number. Please correct the customer in Airtable.',
      },
    });
  });

  test.each([
    ['sms', 'whatsapp:+14155550123'],
    ['sms', '4155550123'],
    ['sms', '+1'],
    ['sms', 'undefined'],
    ['sms', '+14155550123, +14155550124'],
    ['whatsapp', '+14155550123'],
    ['whatsapp', 'whatsapp:'],
    ['whatsapp', 'whatsapp:undefined'],
    ['whatsapp', 'whatsapp:whatsapp:+14155550123'],
  ])('for an address that is not valid for the channel: a 400, for %s to %s', async (type, value) => {
    await worldOf();

    const { status, body } = await ask(type, value);

    expect(status).toBe(400);
    expect(body).toMatchObject({
      message: `ChannelValue is malformed: it must be an address for ${type}`,
      friendly_error_message: expect.stringContaining('Please check it in Airtable'),
    });
  });

  test.each([
    ['ChannelType', { ChannelType: '' }],
    ['ChannelValue', { ChannelValue: ' ' }],
    ['Worker', { Worker: '' }],
  ])('without %s: a 400 that names it', async (name, parameters) => {
    await worldOf();

    expect(await ask('sms', '+14155550123', parameters)).toMatchObject({
      status: 400,
      body: { message: `${name} is missing` },
    });
  });
});

test('the log contains no number of a customer', async () => {
  await worldOf();

  const answers = [await ask('sms', '+14155550123'), await ask('whatsapp', '+14155550123')];

  expect(answers.flatMap(({ log }) => log)).toHaveLength(2);
  expect(JSON.stringify(answers.map(({ log }) => log))).not.toContain('555');
});
