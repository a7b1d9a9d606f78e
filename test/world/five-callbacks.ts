import { sidFor } from '../../emulators/twilio/sids';
import { handler as crm } from '../../lambdas/crm';
import { handler as outgoingConversation } from '../../lambdas/outgoing-conversation';
import type { CallbackHandler } from '../../lambdas/request/request-context';
import { handler as routing } from '../../lambdas/routing';
import { handler as templates } from '../../lambdas/templates';
import type { CallbackName } from '../../lambdas/twilio/callbacks';
import { handler as conversations } from '../../lambdas/twilio-conversations';
import { ANA } from './crm';
import { ACCOUNT_SID, SMS_NUMBER, World, type WorldOptions } from './world';

export const CUSTOMER_NUMBER = '+14155550123';

/** The initial conversation of a world for all five callbacks. */
export const CONVERSATION_SID = sidFor('CH', 'number 1');

export interface OneOfFive {
  readonly name: CallbackName;
  readonly path: string;
  readonly handler: CallbackHandler;
  /** A request that makes the callback's maximum of outbound calls and gets a 200. */
  readonly asks: Readonly<Record<string, string>>;
}

export const FIVE_CALLBACKS: readonly OneOfFive[] = [
  {
    name: 'crm',
    path: '/callbacks/crm',
    handler: crm,
    asks: { Location: 'GetCustomersList', Worker: ANA, PageSize: '30' },
  },
  {
    name: 'outgoing-conversation',
    path: '/callbacks/outgoing-conversation',
    handler: outgoingConversation,
    asks: {
      Location: 'GetProxyAddress',
      Worker: ANA,
      CustomerId: '1',
      ChannelType: 'sms',
      ChannelValue: CUSTOMER_NUMBER,
    },
  },
  {
    name: 'routing',
    path: '/callbacks/routing',
    handler: routing,
    asks: {
      ConversationSid: CONVERSATION_SID,
      'MessagingBinding.Address': CUSTOMER_NUMBER,
      'MessagingBinding.ProxyAddress': SMS_NUMBER,
      Attributes: '{}',
    },
  },
  {
    name: 'templates',
    path: '/callbacks/templates',
    handler: templates,
    asks: {
      Location: 'GetTemplatesByCustomerId',
      Worker: ANA,
      CustomerId: '1',
      ConversationSid: CONVERSATION_SID,
    },
  },
  {
    name: 'twilio-conversations',
    path: '/callbacks/twilio-conversations',
    handler: conversations,
    asks: {
      AccountSid: ACCOUNT_SID,
      EventType: 'onMessageAdd',
      ConversationSid: CONVERSATION_SID,
      ClientIdentity: ANA,
      Author: ANA,
      Body: 'The tea is on its way',
      Source: 'SDK',
    },
  },
];

/** One of the five callbacks, by name. */
export function callbackNamed(name: CallbackName): OneOfFive {
  const found = FIVE_CALLBACKS.find((callback) => callback.name === name);
  if (found === undefined) throw new Error(`There is no callback ${name}`);
  return found;
}

/** A world in which all five callbacks return 200: Ana's customer Jane Roe, a template, a conversation with Jane. */
export async function startWorldForFive(options: WorldOptions = {}): Promise<World> {
  const world = await World.start({
    customers: [{ id: 1, name: 'Jane Roe', owner: ANA, sms: CUSTOMER_NUMBER }],
    templates: [{ title: 'Hello', category: 'Openers', text: 'Hello {{name}}' }],
    ...options,
  });
  world.twilio.createConversation({
    participants: [{ address: CUSTOMER_NUMBER, proxyAddress: SMS_NUMBER }],
  });
  return world;
}
