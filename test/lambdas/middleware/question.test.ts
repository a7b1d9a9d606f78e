import { describe, expect, test } from '@jest/globals';
import { handler as crm } from '../../../lambdas/crm';
import { handler as outgoing } from '../../../lambdas/outgoing-conversation';
import { handler as routing } from '../../../lambdas/routing';
import { handler as templates } from '../../../lambdas/templates';
import { handler as conversations } from '../../../lambdas/twilio-conversations';
import { ANA } from '../../world/crm';
import { CONVERSATION_SID, FIVE_CALLBACKS, type OneOfFive } from '../../world/five-callbacks';
import { formEvent, type Pair } from '../../world/form-event';
import { shareFive, world } from '../../world/use-world';

shareFive();

type Parameters = Readonly<Record<string, string>>;
type Asked = Pick<OneOfFive, 'path' | 'handler'>;

const CRM = { path: '/callbacks/crm', handler: crm };
const OUTGOING = { path: '/callbacks/outgoing-conversation', handler: outgoing };
const ROUTING = { path: '/callbacks/routing', handler: routing };
const TEMPLATES = { path: '/callbacks/templates', handler: templates };
const CONVERSATIONS = { path: '/callbacks/twilio-conversations', handler: conversations };

async function ask({ path, handler }: Asked, pairs: readonly Pair[]) {
  const answer = await world.deliver(handler, formEvent(pairs, { path }));
  expect(answer.log).toMatchObject([{ airtableRequests: 0, twilioRequests: 0 }]);
  return answer;
}

describe('Location', () => {
  const CRM_QUESTIONS = 'GetCustomersList, GetCustomerDetailsByCustomerId, CreateCustomer, DeleteCustomer';
  const BY_LOCATION = [
    { ...CRM, known: CRM_QUESTIONS },
    { ...OUTGOING, known: 'GetProxyAddress' },
    { ...TEMPLATES, known: 'GetTemplatesByCustomerId' },
  ];

  test.each(BY_LOCATION)('that is missing or blank is a 422 that names $known', async (callback) => {
    for (const pairs of [
      [['Worker', ANA]],
      [
        ['Worker', ANA],
        ['Location', ''],
      ],
    ] satisfies Pair[][]) {
      const { status, body } = await ask(callback, pairs);

      expect(status).toBe(422);
      expect(body).toMatchObject({ message: `Missing Location; expected one of ${callback.known}` });
    }
  });

  test.each(BY_LOCATION)('that is unknown is a 422 that names $known', async (callback) => {
    for (const Location of ['GetEverything', 'getcustomerslist', 'constructor', '__proto__', ' ']) {
      const { status, body } = await ask(callback, [
        ['Worker', ANA],
        ['Location', Location],
      ]);

      expect(status).toBe(422);
      expect(body).toMatchObject({ message: `Unknown Location; expected one of ${callback.known}` });
    }
  });

  test('that is given twice is a 422', async () => {
    const twice: Pair[] = [
      ['Location', 'GetCustomersList'],
      ['Location', 'GetCustomersList'],
      ['Worker', ANA],
    ];

    expect(await ask(CRM, twice)).toMatchObject({ status: 422 });
  });
});

describe('EventType', () => {
  test('that is missing or blank is a 422 that names the events in use', async () => {
    for (const pairs of [[['Source', 'SDK']], [['EventType', '']]] satisfies Pair[][]) {
      const { status, body } = await ask(CONVERSATIONS, pairs);

      expect(status).toBe(422);
      expect(body).toMatchObject({
        message:
          'Missing EventType; expected one of onConversationAdd, onConversationAdded, onParticipantAdded, ' +
          'onMessageAdd, onMessageAdded, onDeliveryUpdated',
      });
    }
  });
});

const LIST = { Location: 'GetCustomersList', Worker: ANA };
const DETAILS = { Location: 'GetCustomerDetailsByCustomerId', Worker: ANA, CustomerId: '1' };
const CREATE = { Location: 'CreateCustomer', Worker: ANA, DisplayName: 'Jo', Channels: '[]' };
const DELETE = { Location: 'DeleteCustomer', Worker: ANA, CustomerId: '1' };
const PROXY = { Location: 'GetProxyAddress', Worker: ANA, ChannelType: 'sms', ChannelValue: '+14155550123' };
const ROUTE = { ConversationSid: CONVERSATION_SID, 'MessagingBinding.Address': '+14155550123' };
const TEMPLATE_LIST = { Location: 'GetTemplatesByCustomerId', Worker: ANA };
const BEGUN = { EventType: 'onConversationAdded', ConversationSid: CONVERSATION_SID };
const MESSAGE_ADD = { EventType: 'onMessageAdd', ConversationSid: CONVERSATION_SID, ClientIdentity: ANA };
const JOINED = {
  EventType: 'onParticipantAdded',
  ConversationSid: CONVERSATION_SID,
  ParticipantSid: `MB${'0'.repeat(32)}`,
  'MessagingBinding.Address': '+14155550123',
};

const REQUIRED: readonly [question: string, parameter: string, Asked, Parameters][] = [
  ['GetCustomersList', 'Worker', CRM, LIST],
  ['GetCustomerDetailsByCustomerId', 'Worker', CRM, DETAILS],
  ['GetCustomerDetailsByCustomerId', 'CustomerId', CRM, DETAILS],
  ['CreateCustomer', 'Worker', CRM, CREATE],
  ['CreateCustomer', 'DisplayName', CRM, CREATE],
  ['CreateCustomer', 'Channels', CRM, CREATE],
  ['DeleteCustomer', 'Worker', CRM, DELETE],
  ['DeleteCustomer', 'CustomerId', CRM, DELETE],
  ['GetProxyAddress', 'Worker', OUTGOING, PROXY],
  ['GetProxyAddress', 'ChannelType', OUTGOING, PROXY],
  ['GetProxyAddress', 'ChannelValue', OUTGOING, PROXY],
  ['routing', 'ConversationSid', ROUTING, ROUTE],
  ['GetTemplatesByCustomerId', 'Worker', TEMPLATES, TEMPLATE_LIST],
  ['onMessageAdd', 'ConversationSid', CONVERSATIONS, MESSAGE_ADD],
  ['onConversationAdded', 'ConversationSid', CONVERSATIONS, BEGUN],
  ['onParticipantAdded', 'ConversationSid', CONVERSATIONS, JOINED],
  ['onParticipantAdded', 'ParticipantSid', CONVERSATIONS, JOINED],
];

describe.each(REQUIRED)('%s without %s', (_question, parameter, callback, parameters) => {
  const others = Object.entries(parameters).filter(([name]) => name !== parameter);

  test('is a 400 that names it', async () => {
    for (const pairs of [
      others,
      [...others, [parameter, '']],
      [...others, [parameter, '  ']],
    ] satisfies Pair[][]) {
      const { status, body } = await ask(callback, pairs);

      expect(status).toBe(400);
      expect(body).toMatchObject({ message: expect.stringMatching(new RegExp(`^${parameter} `)) });
    }
  });

  test('or with two of it is a 400 that names it', async () => {
    // Routing takes the first, because no worker sees a conversation without one.
    if (callback === ROUTING) return;
    const value = parameters[parameter] ?? '';

    const { status, body } = await ask(callback, [...others, [parameter, value], [parameter, value]]);

    expect(status).toBe(400);
    expect(body).toMatchObject({
      message: expect.stringMatching(new RegExp(`^${parameter} is given more than once`)),
    });
  });
});

describe('a malformed parameter', () => {
  test.each<[question: string, parameter: string, value: string, Asked, Parameters]>([
    ['GetCustomersList', 'Worker', 'w'.repeat(257), CRM, LIST],
    ['GetCustomersList', 'PageSize', 'thirty', CRM, LIST],
    ['GetCustomersList', 'PageSize', '-1', CRM, LIST],
    ['GetCustomersList', 'PageSize', '1e2', CRM, LIST],
    ['GetCustomersList', 'Query', 'q'.repeat(1_001), CRM, LIST],
    ['GetCustomerDetailsByCustomerId', 'CustomerId', 'c'.repeat(1_001), CRM, DETAILS],
    ['CreateCustomer', 'Channels', 'not JSON', CRM, CREATE],
    ['GetProxyAddress', 'ChannelValue', 'ana', OUTGOING, PROXY],
    ['GetProxyAddress', 'ChannelValue', 'whatsapp:+14155550123', OUTGOING, PROXY],
    ['routing', 'ConversationSid', 'CH1', ROUTING, ROUTE],
    ['routing', 'ConversationSid', `${CONVERSATION_SID}/../x`, ROUTING, ROUTE],
    ['onMessageAdd', 'ConversationSid', 'CH1', CONVERSATIONS, MESSAGE_ADD],
    ['onParticipantAdded', 'ParticipantSid', 'MB1', CONVERSATIONS, JOINED],
    ['onParticipantAdded', 'ConversationSid', 'XX1', CONVERSATIONS, JOINED],
  ])('of %s, %s=%.40s, is a 400 that names it', async (_question, parameter, value, callback, parameters) => {
    const { status, body } = await ask(callback, Object.entries({ ...parameters, [parameter]: value }));

    expect(status).toBe(400);
    expect(body).toMatchObject({ message: expect.stringMatching(new RegExp(`^${parameter} `)) });
  });

  test('does not hide another: one response names both', async () => {
    const { body } = await ask(CRM, [
      ['Location', 'GetCustomersList'],
      ['PageSize', 'thirty'],
    ]);

    expect(body).toMatchObject({
      message: 'Worker is missing; PageSize is malformed: it must be a whole number',
    });
  });
});

test.each(FIVE_CALLBACKS)('$name ignores unknown parameters', async ({ path, handler, asks }) => {
  const event = formEvent([...Object.entries(asks), ['Brand.New', '1'], ['brand', '2']], { path });

  expect(await world.deliver(handler, event)).toMatchObject({ status: 200 });
});
