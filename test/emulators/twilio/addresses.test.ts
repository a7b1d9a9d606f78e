import { describe, expect, test } from '@jest/globals';
import { ACCOUNT_SID, aTwilio, CUSTOMER, officialClient, SMS_NUMBER, WHATSAPP_NUMBER } from './account';

const UNKNOWN = 'ISffffffffffffffffffffffffffffffff';

async function withAddresses(options: Parameters<typeof aTwilio>[0] = {}) {
  const twilio = await aTwilio(options);
  return { twilio, addresses: officialClient(twilio).conversations.v1.addressConfigurations };
}

describe('address configurations', () => {
  test('are created, fetched by SID and by address, changed and deleted', async () => {
    const { twilio, addresses } = await withAddresses();

    const created = await addresses.create({
      type: 'sms',
      address: SMS_NUMBER,
      friendlyName: 'Texts',
      'autoCreation.enabled': true,
      'autoCreation.type': 'default',
      'autoCreation.conversationServiceSid': twilio.conversationServiceSid,
    });
    const byAddress = await addresses(SMS_NUMBER).fetch();
    const updated = await addresses(created.sid).update({ 'autoCreation.enabled': false });

    expect(created).toMatchObject({
      sid: expect.stringMatching(/^IG[0-9a-f]{32}$/),
      accountSid: ACCOUNT_SID,
      type: 'sms',
      address: SMS_NUMBER,
      friendlyName: 'Texts',
    });
    expect(created.autoCreation).toEqual({
      enabled: true,
      type: 'default',
      conversation_service_sid: twilio.conversationServiceSid,
    });
    expect(byAddress.sid).toBe(created.sid);
    expect(updated.friendlyName).toBe('Texts');
    expect(updated.autoCreation).toMatchObject({ enabled: false, type: 'default' });
    expect(await addresses(created.sid).remove()).toBe(true);
    expect(twilio.configuration.addresses).toEqual([]);
    await expect(addresses(created.sid).remove()).rejects.toMatchObject({ status: 404, code: 20404 });
    expect(twilio.requests.map(({ status }) => status)).toEqual([201, 200, 200, 204, 404]);
  });

  test('are listed, of one type or of all', async () => {
    const { addresses } = await withAddresses();
    await addresses.create({ type: 'sms', address: SMS_NUMBER });
    await addresses.create({ type: 'whatsapp', address: WHATSAPP_NUMBER });

    const all = await addresses.list({ pageSize: 1 });
    const whatsapp = await addresses.list({ type: 'whatsapp' });

    expect(all.map(({ address }) => address)).toEqual([SMS_NUMBER, WHATSAPP_NUMBER]);
    expect(whatsapp.map(({ address }) => address)).toEqual([WHATSAPP_NUMBER]);
  });

  test('of webhooks and of Studio return their targets', async () => {
    const { addresses } = await withAddresses();

    const webhook = await addresses.create({
      type: 'sms',
      address: SMS_NUMBER,
      'autoCreation.enabled': true,
      'autoCreation.type': 'webhook',
      'autoCreation.webhookUrl': 'https://bot.example',
      'autoCreation.webhookMethod': 'post',
      'autoCreation.webhookFilters': ['onMessageAdded', 'onParticipantAdded'],
    });
    const studio = await addresses(SMS_NUMBER).update({
      'autoCreation.type': 'studio',
      'autoCreation.studioFlowSid': 'FW1',
      'autoCreation.studioRetryCount': 2,
    });

    expect(webhook.autoCreation).toMatchObject({
      type: 'webhook',
      webhook_url: 'https://bot.example',
      webhook_filters: ['onMessageAdded', 'onParticipantAdded'],
    });
    expect(studio.autoCreation).toMatchObject({
      type: 'studio',
      studio_flow_sid: 'FW1',
      studio_retry_count: 2,
    });
  });

  test('are unique per address', async () => {
    const { twilio, addresses } = await withAddresses();
    await addresses.create({ type: 'sms', address: SMS_NUMBER, friendlyName: 'First' });

    const second = addresses.create({ type: 'sms', address: SMS_NUMBER, friendlyName: 'Second' });

    await expect(second).rejects.toMatchObject({ status: 409 });
    expect(twilio.configuration.addresses).toMatchObject([{ friendlyName: 'First' }]);
  });

  const SMS = { type: 'sms', address: SMS_NUMBER } as const;
  test.each([
    ["another account's number", { type: 'sms', address: '+15005550006' }, 400],
    ['a number without WhatsApp', { type: 'whatsapp', address: 'whatsapp:+15005550006' }, 400],
    ['a text that is not a number', { type: 'sms', address: '555 0123' }, 400],
    ['an address of the other type', { type: 'sms', address: WHATSAPP_NUMBER }, 400],
    ['an unknown service', { ...SMS, 'autoCreation.conversationServiceSid': UNKNOWN }, 400],
    ['a name that is too long', { ...SMS, friendlyName: 'x'.repeat(257) }, 400],
    ['a webhook without address', { ...SMS, 'autoCreation.type': 'webhook' }, 400],
    ['Studio without a flow', { ...SMS, 'autoCreation.type': 'studio' }, 400],
    ['a channel that the emulator does not support', { type: 'messenger', address: 'messenger:1' }, 501],
  ] as const)('are rejected for %s', async (_what, draft, status) => {
    const { twilio, addresses } = await withAddresses();

    await expect(addresses.create(draft)).rejects.toMatchObject({ status });

    expect(twilio.configuration.addresses).toEqual([]);
  });
});

describe('a first message to a number', () => {
  test('creates a conversation where autocreation is configured', async () => {
    const { twilio, addresses } = await withAddresses({ autocreation: 'as-configured' });
    const configured = { type: 'sms', address: SMS_NUMBER, 'autoCreation.enabled': true } as const;

    const before = await twilio.receiveMessage({ from: CUSTOMER, to: SMS_NUMBER, body: 'Hello' });
    await addresses.create(configured);
    const after = await twilio.receiveMessage({ from: CUSTOMER, to: SMS_NUMBER, body: 'Hello' });
    await addresses(SMS_NUMBER).update({ 'autoCreation.enabled': false });
    const further = await twilio.receiveMessage({ from: CUSTOMER, to: SMS_NUMBER, body: 'Hello?' });

    expect(before).toMatchObject({ accepted: false, autocreated: false, conversationSid: null });
    expect(after).toMatchObject({ accepted: true, autocreated: true });
    expect(further).toMatchObject({ accepted: true, autocreated: false });
  });

  test('creates none where autocreation is configured for another service', async () => {
    const { twilio, addresses } = await withAddresses({ autocreation: 'as-configured' });
    const other = { ...(twilio.configuration.services[0] ?? never()), sid: UNKNOWN };
    twilio.configure({ services: [...twilio.configuration.services, other] });
    await addresses.create({
      type: 'sms',
      address: SMS_NUMBER,
      'autoCreation.enabled': true,
      'autoCreation.conversationServiceSid': UNKNOWN,
    });

    const received = await twilio.receiveMessage({ from: CUSTOMER, to: SMS_NUMBER, body: 'Hello' });

    expect(received).toMatchObject({ accepted: false, conversationSid: null });
  });
});

function never(): never {
  throw new Error('The account has no service');
}
