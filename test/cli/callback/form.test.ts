import { describe, expect, test } from '@jest/globals';
import { parseCommandLine } from '../../../cli/callback/callback-options';
import { buildForm } from '../../../cli/callback/form';
import { FIRST_CUSTOMER } from '../../../emulators/seed/customers';
import { DEMO_CREDENTIALS } from '../../../emulators/seed/demo-credentials';
import type { Environment } from '../../../lambdas/config';

function formOf(words: readonly string[], environment: Environment = {}, isHere = true) {
  const line = parseCommandLine(words);
  if (line === null) throw new Error('These words ask for help');
  const now = new Date('2024-01-02T03:04:05.678Z');
  return {
    route: line.callback.route,
    form: Object.fromEntries(buildForm(line, { isHere, environment, now })),
  };
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
    expect(formOf([location])).toEqual({ route, form: { Location: location, ...expected } });
  });

  test('routing uses the conversation that npm start creates', () => {
    expect(formOf(['routing'])).toEqual({
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
    expect(formOf([word])).toEqual({
      route: 'twilio-conversations',
      form: { EventType: word, ...expected },
    });
  });
});

test('the numbers and the account of the settings are used if there are any', () => {
  const settings = { ACCOUNT_SID: 'ACmine', TWILIO_SMS_NUMBER: '+15017122661' };

  expect(formOf(['onConversationAdd'], settings).form).toMatchObject({
    AccountSid: 'ACmine',
    'MessagingBinding.ProxyAddress': '+15017122661',
  });
});

test('--from with the prefix whatsapp: makes the whole event one of WhatsApp', () => {
  const words = ['onParticipantAdded', '--from', 'whatsapp:+16285550101'];

  expect(formOf(words, { TWILIO_WHATSAPP_NUMBER: '+15017122661' }).form).toMatchObject({
    'MessagingBinding.Address': 'whatsapp:+16285550101',
    'MessagingBinding.ProxyAddress': 'whatsapp:+15017122661',
    'MessagingBinding.Type': 'whatsapp',
    Source: 'WHATSAPP',
  });
});

test('a customer who writes is the author, without an app', () => {
  const { form } = formOf(['onMessageAdd', '--from', '+16285550101', '--body', 'STOP']);

  expect(form).toMatchObject({ Author: '+16285550101', Body: 'STOP', Source: 'SMS' });
  expect(form).not.toHaveProperty('ClientIdentity');
});

test('a worker who joins has an identity but no address', () => {
  const { form } = formOf(['onParticipantAdded', '--identity', 'ana@example.com']);

  expect(form).toMatchObject({ Identity: 'ana@example.com', 'MessagingBinding.Type': 'chat' });
  expect(form).not.toHaveProperty(['MessagingBinding.Address']);
});

describe('invalid arguments', () => {
  test.each([
    ['no word', [], 'Which callback?'],
    ['an unknown callback', ['Sing'], 'GetProxyAddress'],
    ['two words', ['routing', 'now'], 'now'],
    ['an option of another callback', ['GetCustomersList', '--body', 'x'], 'GetCustomersList has no --body'],
    ['a parameter without a value', ['routing', '--param', 'Name'], 'Name=Value'],
    ['an invalid URL', ['routing', '--url', 'localhost'], '--url localhost'],
    ['a deletion without a customer', ['DeleteCustomer'], '--customer-id'],
  ])('are rejected with a hint: %s', (_what, words, hint) => {
    expect(() => formOf(words)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(hint) }),
    );
  });
});

describe('for another machine', () => {
  const elsewhere = (words: readonly string[], environment: Environment = {}) =>
    formOf(words, environment, false);

  test.each([
    ['GetCustomersList', '--worker'],
    ['GetCustomerDetailsByCustomerId', '--worker, --customer-id'],
    ['routing', '--conversation-sid, --from, --to'],
  ])('%s requires %s', (word, options) => {
    expect(() => elsewhere([word])).toThrow(`needs ${options}:`);
  });

  test('an event requires the account', () => {
    expect(() => elsewhere(['onMessageAdd'])).toThrow('ACCOUNT_SID');
  });

  test('a --param counts as given', () => {
    const { form } = elsewhere(['GetCustomersList', '--param', 'Worker=ana']);

    expect(form).toEqual({ Location: 'GetCustomersList', PageSize: '30', Worker: 'ana' });
  });
});
