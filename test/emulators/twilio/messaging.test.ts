import { describe, expect, test } from '@jest/globals';
import { phoneNumberSid } from '../../../emulators/twilio/account-configuration';
import { MESSAGING_SERVICE } from '../../../emulators/twilio/sids';
import { aTwilio, officialClient, SMS_NUMBER, WHATSAPP_NUMBER } from './account';

const NUMBER_SID = phoneNumberSid({ phoneNumber: SMS_NUMBER });

async function started() {
  const twilio = await aTwilio();
  return { twilio, messaging: officialClient(twilio).messaging };
}

describe('messaging services', () => {
  test('of a new account are one, whose pool has our senders', async () => {
    const { messaging } = await started();

    const [service, ...others] = await messaging.v1.services.list();
    const numbers = await messaging.v1.services(MESSAGING_SERVICE).phoneNumbers.list();
    const senders = await messaging.v1.services(MESSAGING_SERVICE).channelSenders.list();

    expect(service).toMatchObject({ sid: MESSAGING_SERVICE, useInboundWebhookOnNumber: true });
    expect(others).toEqual([]);
    expect(numbers.map(({ phoneNumber, sid }) => [phoneNumber, sid])).toEqual([[SMS_NUMBER, NUMBER_SID]]);
    expect(senders.map(({ sender }) => sender)).toEqual([WHATSAPP_NUMBER]);
  });

  test('are created without senders, and drop messages unless they defer to the sender', async () => {
    const { twilio, messaging } = await started();

    const dropping = await messaging.v1.services.create({ friendlyName: 'A' });
    const deferring = await messaging.v1.services.create({
      friendlyName: 'B',
      useInboundWebhookOnNumber: true,
    });
    await messaging.v1.services(dropping.sid).update({ inboundRequestUrl: 'https://a.example' });

    expect(twilio.configuration.messagingServices).toHaveLength(3);
    expect(twilio.configuration.messagingServices).toEqual(
      expect.arrayContaining([
        {
          sid: dropping.sid,
          friendlyName: 'A',
          inboundRequestUrl: 'https://a.example',
          defersToSender: false,
          senders: [],
        },
        {
          sid: deferring.sid,
          friendlyName: 'B',
          inboundRequestUrl: null,
          defersToSender: true,
          senders: [],
        },
      ]),
    );
  });

  test('take a sender that is in none, and none twice', async () => {
    const { twilio, messaging } = await started();
    const { sid } = await messaging.v1.services.create({ friendlyName: 'Another' });
    const another = messaging.v1.services(sid);
    const number = { phoneNumberSid: NUMBER_SID };
    const [sender] = await messaging.v2.channelsSenders.list({ channel: 'whatsapp' });

    const add = () => another.phoneNumbers.create(number);
    await expect(add()).rejects.toMatchObject({ status: 409, code: 21712 });
    const services = twilio.configuration.messagingServices.map((one) => ({ ...one, senders: [] }));
    twilio.configure({ messagingServices: services });
    await add();
    await another.channelSenders.create({ sid: sender?.sid ?? '' });
    await expect(add()).rejects.toMatchObject({ status: 409, code: 21710 });

    const found = twilio.configuration.messagingServices.find((one) => one.sid === sid);
    expect(found?.senders).toEqual([SMS_NUMBER, WHATSAPP_NUMBER]);
  });

  test('do not take a number that the account does not have', async () => {
    const { messaging } = await started();

    const adding = messaging.v1
      .services(MESSAGING_SERVICE)
      .phoneNumbers.create({ phoneNumberSid: `PN${'f'.repeat(32)}` });

    await expect(adding).rejects.toMatchObject({ status: 400, code: 21421 });
  });
});

test('a conversation service is created without webhooks', async () => {
  const twilio = await aTwilio();

  const { sid } = await officialClient(twilio).conversations.v1.services.create({ friendlyName: 'Inbox' });

  expect(twilio.configuration.services).toContainEqual({
    sid,
    friendlyName: 'Inbox',
    webhooks: { preUrl: null, postUrl: null, filters: [], method: 'POST' },
  });
});
