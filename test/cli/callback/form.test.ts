import { describe, expect, test } from '@jest/globals';
import { buildForm } from '../../../cli/callback/form';
import { parseCallback, parseParameter } from '../../../cli/callback/run-callback';
import { FIRST_CUSTOMER } from '../../../emulators/seed/base';
import { DEMO_CREDENTIALS } from '../../../emulators/seed/demo-credentials';
import type { Environment } from '../../../lambdas/config';

function formOf(name: string, parameters: readonly string[], environment: Environment = {}, isLocal = true) {
  const callback = parseCallback(name);
  const now = new Date('2024-01-02T03:04:05.678Z');
  const form = buildForm(callback, parameters.map(parseParameter), { isLocal, environment, now });
  return { route: callback.route, form: Object.fromEntries(form) };
}

const { conversationSid, smsNumber, accountSid, conversationServiceSid } = DEMO_CREDENTIALS;
const { id, number } = FIRST_CUSTOMER;

describe('by default', () => {
  const worker = { Worker: 'ana@example.com' };
  const event = { AccountSid: accountSid, ChatServiceSid: conversationServiceSid, Attributes: '{}' };
  const binding = { 'MessagingBinding.Address': number, 'MessagingBinding.ProxyAddress': smsNumber };
  const dates = { DateCreated: '2024-01-02T03:04:05.678Z', DateUpdated: '2024-01-02T03:04:05.678Z' };

  test.each([
    ['GetCustomersList', 'crm', { ...worker, PageSize: '30' }],
    ['GetCustomerDetailsByCustomerId', 'crm', { ...worker, CustomerId: id }],
    [
      'CreateCustomer',
      'crm',
      { ...worker, DisplayName: 'Jane Roe', Channels: expect.stringMatching(/^\[\{.*\}\]$/) },
    ],
    [
      'GetProxyAddress',
      'outgoing-conversation',
      { ...worker, CustomerId: id, ChannelType: 'sms', ChannelValue: number },
    ],
    [
      'GetTemplatesByCustomerId',
      'templates',
      { ...worker, CustomerId: id, ConversationSid: conversationSid },
    ],
  ])('%s uses the demo team', (location, route, expected) => {
    expect(formOf(location, [])).toEqual({ route, form: { Location: location, ...expected } });
  });

  test('routing uses the conversation that npm start creates', () => {
    expect(formOf('routing', [])).toEqual({
      route: 'routing',
      form: {
        ConversationSid: conversationSid,
        ConversationServiceSid: conversationServiceSid,
        ...binding,
        Attributes: '{}',
        State: 'active',
        ...dates,
      },
    });
  });

  test.each([
    ['onConversationAdd', { ...event, ...binding, MessageBody: 'Hello', State: 'active', Source: 'SMS' }],
    [
      'onParticipantAdded',
      {
        ...event,
        ...binding,
        ConversationSid: conversationSid,
        ParticipantSid: `MB${'0'.repeat(32)}`,
        RoleSid: `RL${'0'.repeat(32)}`,
        'MessagingBinding.Type': 'sms',
        Source: 'SMS',
        RetryCount: '0',
        ...dates,
      },
    ],
    [
      'onMessageAdd',
      {
        ...event,
        ConversationSid: conversationSid,
        Author: 'ana@example.com',
        ClientIdentity: 'ana@example.com',
        Body: 'Hello',
        Source: 'SDK',
      },
    ],
    [
      'onMessageAdded',
      {
        ...event,
        ConversationSid: conversationSid,
        MessageSid: `IM${'0'.repeat(32)}`,
        Author: number,
        Body: 'Hello',
        Index: '0',
        Source: 'SMS',
        RetryCount: '0',
        ...dates,
      },
    ],
    [
      'onUserUpdated',
      {
        AccountSid: accountSid,
        ChatServiceSid: conversationServiceSid,
        ConversationSid: conversationSid,
        Source: 'API',
        RetryCount: '0',
        ...dates,
      },
    ],
  ])("%s has the event's parameters", (word, expected) => {
    expect(formOf(word, [])).toEqual({
      route: 'twilio-conversations',
      form: { EventType: word, ...expected },
    });
  });
});

test('the numbers and the account of the settings are used if there are any', () => {
  const settings = { ACCOUNT_SID: 'ACmine', TWILIO_SMS_NUMBER: '+15017122661' };

  expect(formOf('onConversationAdd', [], settings).form).toMatchObject({
    AccountSid: 'ACmine',
    'MessagingBinding.ProxyAddress': '+15017122661',
  });
});

test('an address with the prefix whatsapp: makes the whole event one of WhatsApp', () => {
  const parameters = ['MessagingBinding.Address=whatsapp:+16285550101'];

  expect(
    formOf('onParticipantAdded', parameters, { TWILIO_WHATSAPP_NUMBER: '+15017122661' }).form,
  ).toMatchObject({
    'MessagingBinding.Address': 'whatsapp:+16285550101',
    'MessagingBinding.ProxyAddress': 'whatsapp:+15017122661',
    'MessagingBinding.Type': 'whatsapp',
    Source: 'WHATSAPP',
  });
});

test('a customer who writes is the author, without an app', () => {
  const { form } = formOf('onMessageAdd', ['Author=+16285550101', 'Body=STOP']);

  expect(form).toMatchObject({ Author: '+16285550101', Body: 'STOP', Source: 'SMS' });
  expect(form).not.toHaveProperty('ClientIdentity');
});

test('a worker who joins has an identity but no address', () => {
  const { form } = formOf('onParticipantAdded', ['Identity=ana@example.com']);

  expect(form).toMatchObject({ Identity: 'ana@example.com', 'MessagingBinding.Type': 'chat' });
  expect(form).not.toHaveProperty(['MessagingBinding.Address']);
});

describe('invalid arguments', () => {
  test.each([
    ['an unknown callback', 'Sing', [], 'GetProxyAddress'],
    ['a parameter without a value', 'routing', ['Name'], 'Name=Value'],
    ['a misspelled parameter', 'GetProxyAddress', ['channel-value=+1'], 'Did you mean ChannelValue?'],
    ['a deletion without a customer', 'DeleteCustomer', [], 'CustomerId'],
  ])('are rejected with a hint: %s', (_what, name, parameters, hint) => {
    expect(() => formOf(name, parameters)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(hint) }),
    );
  });
});

describe('for another machine', () => {
  const elsewhere = (name: string, parameters: readonly string[] = []) => formOf(name, parameters, {}, false);

  test.each([
    ['GetCustomersList', 'Worker=…'],
    ['GetCustomerDetailsByCustomerId', 'Worker=… CustomerId=…'],
    ['routing', 'ConversationSid=… MessagingBinding.Address=… MessagingBinding.ProxyAddress=…'],
    ['onMessageAdd', 'ACCOUNT_SID'],
  ])('%s requires %s', (name, names) => {
    expect(() => elsewhere(name)).toThrow(names);
  });

  test('usual values are sent, and no value of the demo team', () => {
    const { form } = elsewhere('GetCustomersList', ['Worker=ana']);

    expect(form).toEqual({ Location: 'GetCustomersList', PageSize: '30', Worker: 'ana' });
  });
});
