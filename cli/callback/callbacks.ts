import type { CallbackName } from '../../lambdas/twilio/callbacks';

/** A callback or an event that Twilio sends. */
export interface Callback {
  readonly name: string;
  readonly route: CallbackName;
  /** `Location` in Frontline's callbacks, `EventType` in Conversations' webhooks; routing has neither. */
  readonly kind: 'location' | 'routing' | 'event';
  /** The parameters of interest, in Twilio's spelling. A request may have others. */
  readonly parameters: readonly string[];
}

type Definition = Omit<Callback, 'name'>;

const crm = (...parameters: string[]): Definition => ({ route: 'crm', kind: 'location', parameters });

const BINDING = ['MessagingBinding.Address', 'MessagingBinding.ProxyAddress'];
const CONVERSATION = [...BINDING, 'FriendlyName', 'UniqueName', 'Attributes', 'State'];
const PARTICIPANT = ['ConversationSid', ...BINDING, 'Identity', 'Attributes'];
const MESSAGE = ['ConversationSid', 'ParticipantSid', 'Author', 'Body', 'Attributes'];
/** twilio.md#webhook-parameters. */
const EVERY_EVENT = ['AccountSid', 'ChatServiceSid', 'ClientIdentity', 'Source'];

const event = (...parameters: string[]): Definition => ({
  route: 'twilio-conversations',
  kind: 'event',
  parameters: [...parameters, ...EVERY_EVENT],
});

/**
 * twilio.md#customer-list, twilio.md#outgoing-conversations, twilio.md#templates, twilio.md#custom-routing. Before an
 * event, its subject has no SID yet (twilio.md#events-before-an-action, twilio.md#events-after-an-action).
 */
const CALLBACKS: Readonly<Record<string, Definition>> = {
  GetCustomersList: crm('Worker', 'PageSize', 'NextPageToken', 'Query', 'Anchor'),
  GetCustomerDetailsByCustomerId: crm('Worker', 'CustomerId'),
  CreateCustomer: crm('Worker', 'DisplayName', 'Channels'),
  DeleteCustomer: crm('Worker', 'CustomerId'),
  GetProxyAddress: {
    route: 'outgoing-conversation',
    kind: 'location',
    parameters: ['Worker', 'CustomerId', 'ChannelType', 'ChannelValue'],
  },
  GetTemplatesByCustomerId: {
    route: 'templates',
    kind: 'location',
    parameters: ['Worker', 'CustomerId', 'ConversationSid'],
  },
  routing: {
    route: 'routing',
    kind: 'routing',
    parameters: ['ConversationSid', 'ConversationServiceSid', ...CONVERSATION],
  },
  onConversationAdd: event(...CONVERSATION, 'MessageBody'),
  onConversationAdded: event('ConversationSid', ...CONVERSATION),
  onParticipantAdded: event('ParticipantSid', ...PARTICIPANT),
  onMessageAdd: event(...MESSAGE),
  onMessageAdded: event('MessageSid', ...MESSAGE),
};

/** Other events, by the beginning of their names. */
const OTHER_EVENTS: readonly (readonly [RegExp, Definition])[] = [
  [/^onConversation/, event('ConversationSid', ...CONVERSATION)],
  [/^onParticipantAdd$/, event(...PARTICIPANT)],
  [/^onParticipant/, event('ParticipantSid', ...PARTICIPANT)],
  [/^onMessage/, event('MessageSid', ...MESSAGE)],
  [/^on[A-Z]/, event('ConversationSid')],
];

/** The callbacks with their parameters; any other `on…` is an event as well. */
export const KNOWN_CALLBACKS: readonly Callback[] = Object.entries(CALLBACKS).map(([name, definition]) => ({
  name,
  ...definition,
}));

/** The callback of that name; undefined if Twilio has none. */
export function findCallback(name: string): Callback | undefined {
  const known = KNOWN_CALLBACKS.find((each) => each.name === name);
  const other = OTHER_EVENTS.find(([pattern]) => pattern.test(name))?.[1];
  return known ?? (other && { name, ...other });
}
