import type { CallbackName } from '../../lambdas/twilio/callbacks';
import type { OptionName } from './options';

/** A callback or an event that Twilio sends, and the options that set its parameters. */
export interface Callback {
  readonly route: CallbackName;
  /** `Location` in Frontline's callbacks, `EventType` in Conversations' webhooks; routing has neither. */
  readonly kind: 'location' | 'routing' | 'event';
  readonly parameters: Readonly<Partial<Record<OptionName, string>>>;
}

/** twilio.md#customer-list, twilio.md#outgoing-conversations, twilio.md#templates. */
const LOCATIONS: Readonly<Record<string, Omit<Callback, 'kind'>>> = {
  GetCustomersList: {
    route: 'crm',
    parameters: {
      worker: 'Worker',
      'page-size': 'PageSize',
      anchor: 'Anchor',
      'next-page-token': 'NextPageToken',
      query: 'Query',
    },
  },
  GetCustomerDetailsByCustomerId: {
    route: 'crm',
    parameters: { worker: 'Worker', 'customer-id': 'CustomerId' },
  },
  CreateCustomer: {
    route: 'crm',
    parameters: { worker: 'Worker', 'display-name': 'DisplayName', channels: 'Channels' },
  },
  DeleteCustomer: { route: 'crm', parameters: { worker: 'Worker', 'customer-id': 'CustomerId' } },
  GetProxyAddress: {
    route: 'outgoing-conversation',
    parameters: {
      worker: 'Worker',
      'customer-id': 'CustomerId',
      'channel-type': 'ChannelType',
      'channel-value': 'ChannelValue',
    },
  },
  GetTemplatesByCustomerId: {
    route: 'templates',
    parameters: { worker: 'Worker', 'customer-id': 'CustomerId', 'conversation-sid': 'ConversationSid' },
  },
};

const BINDING = { from: 'MessagingBinding.Address', to: 'MessagingBinding.ProxyAddress' } as const;

const CONVERSATION = {
  ...BINDING,
  'friendly-name': 'FriendlyName',
  'unique-name': 'UniqueName',
  attributes: 'Attributes',
  state: 'State',
} as const;

/** twilio.md#custom-routing. */
const ROUTING: Callback = {
  route: 'routing',
  kind: 'routing',
  parameters: {
    'conversation-sid': 'ConversationSid',
    ...CONVERSATION,
    'chat-service-sid': 'ConversationServiceSid',
  },
};

/** twilio.md#webhook-parameters. */
const EVERY_EVENT = {
  'client-identity': 'ClientIdentity',
  source: 'Source',
  'chat-service-sid': 'ChatServiceSid',
} as const;

const PARTICIPANT = {
  'conversation-sid': 'ConversationSid',
  identity: 'Identity',
  attributes: 'Attributes',
  ...BINDING,
} as const;

const MESSAGE = {
  'conversation-sid': 'ConversationSid',
  'participant-sid': 'ParticipantSid',
  body: 'Body',
  author: 'Author',
  from: 'Author',
  attributes: 'Attributes',
} as const;

/**
 * Before an event, its subject has no SID yet (twilio.md#events-before-an-action, twilio.md#events-after-an-action).
 */
const EVENTS: readonly (readonly [RegExp, Callback['parameters']])[] = [
  [/^onConversationAdd$/, { ...CONVERSATION, body: 'MessageBody' }],
  [/^onConversation/, { 'conversation-sid': 'ConversationSid', ...CONVERSATION }],
  [/^onParticipantAdd$/, PARTICIPANT],
  [/^onParticipant/, { ...PARTICIPANT, 'participant-sid': 'ParticipantSid' }],
  [/^onMessageAdd$/, MESSAGE],
  [/^onMessage/, { ...MESSAGE, 'message-sid': 'MessageSid' }],
  [/^on[A-Z]/, { 'conversation-sid': 'ConversationSid' }],
];

/** The known callback names; any other `on…` is an event as well. */
export const KNOWN_WORDS = [
  ...Object.keys(LOCATIONS),
  'routing',
  ...['onConversationAdd', 'onConversationAdded', 'onParticipantAdded', 'onMessageAdd', 'onMessageAdded'],
];

/** The callback of that name; undefined if Twilio has none. */
export function findCallback(word: string): Callback | undefined {
  if (word === 'routing') return ROUTING;
  const location = Object.hasOwn(LOCATIONS, word) ? LOCATIONS[word] : undefined;
  if (location !== undefined) return { kind: 'location', ...location };
  const parameters = EVENTS.find(([pattern]) => pattern.test(word))?.[1];
  return (
    parameters && {
      route: 'twilio-conversations',
      kind: 'event',
      parameters: { ...parameters, ...EVERY_EVENT },
    }
  );
}
