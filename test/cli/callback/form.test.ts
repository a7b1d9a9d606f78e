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
  ])('%s speaks of the made-up team', (location, route, expected) => {
    expect(formOf([location])).toEqual({ route, form: { Location: location, ...expected } });
  });

  test('routing is about the conversation that npm start begins with', () => {
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
  ])('%s carries what the event carries', (word, expected) => {
    expect(formOf([word])).toEqual({
      route: 'twilio-conversations',
      form: { EventType: word, ...expected },
    });
  });
});

test('the numbers and the account of the settings are used where there are some', () => {
  const settings = { ACCOUNT_SID: 'ACmine', TWILIO_SMS_NUMBER: '+15017122661' };

  expect(formOf(['onConversationAdd'], settings).form).toMatchObject({
    AccountSid: 'ACmine',
    'MessagingBinding.ProxyAddress': '+15017122661',
  });
});

test('--from with whatsapp: in front makes the whole event one of WhatsApp', () => {
  const words = ['onParticipantAdded', '--from', 'whatsapp:+16285550101'];

  expect(formOf(words, { TWILIO_WHATSAPP_NUMBER: '+15017122661' }).form).toMatchObject({
    'MessagingBinding.Address': 'whatsapp:+16285550101',
    'MessagingBinding.ProxyAddress': 'whatsapp:+15017122661',
    'MessagingBinding.Type': 'whatsapp',
    Source: 'WHATSAPP',
  });
});

test('the customer who writes is the author, and no app has a part in it', () => {
  const { form } = formOf(['onMessageAdd', '--from', '+16285550101', '--body', 'STOP']);

  expect(form).toMatchObject({ Author: '+16285550101', Body: 'STOP', Source: 'SMS' });
  expect(form).not.toHaveProperty('ClientIdentity');
});

test('a worker who joins has an identity and no address', () => {
  const { form } = formOf(['onParticipantAdded', '--identity', 'ana@example.com']);

  expect(form).toMatchObject({ Identity: 'ana@example.com', 'MessagingBinding.Type': 'chat' });
  expect(form).not.toHaveProperty(['MessagingBinding.Address']);
});

describe('words that make no sense', () => {
  test.each([
    ['no word', [], 'Which callback?'],
    ['a word that there is not', ['Sing'], 'GetProxyAddress'],
    ['two words', ['routing', 'now'], 'now'],
    ['an option of another callback', ['GetCustomersList', '--body', 'x'], 'GetCustomersList has no --body'],
    ['a parameter without a value', ['routing', '--param', 'Name'], 'Name=Value'],
    ['a URL that is none', ['routing', '--url', 'localhost'], '--url localhost'],
    ['a deletion of nobody', ['DeleteCustomer'], '--customer-id'],
  ])('are refused with a hint: %s', (_what, words, hint) => {
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
  ])('%s has to say %s', (word, options) => {
    expect(() => elsewhere([word])).toThrow(`needs ${options}:`);
  });

  test('an event has to say whose account it is', () => {
    expect(() => elsewhere(['onMessageAdd'])).toThrow('ACCOUNT_SID');
  });

  test('what is said in --param is said', () => {
    const { form } = elsewhere(['GetCustomersList', '--param', 'Worker=ana']);

    expect(form).toEqual({ Location: 'GetCustomersList', PageSize: '30', Worker: 'ana' });
  });
});
