/** The five callbacks, named after their routes and files. */
export const CALLBACK_NAMES = [
  'crm',
  'outgoing-conversation',
  'routing',
  'templates',
  'twilio-conversations',
] as const;
export type CallbackName = (typeof CALLBACK_NAMES)[number];

/** The names in the API's log lines and metrics. */
export type RouteName = CallbackName | 'airtable-webhook' | 'inbox-api' | 'inbox-live';

/** The path of a callback below the service's URL. */
export function callbackPath(name: CallbackName): string {
  return `/callbacks/${name}`;
}

/** A value for each callback. */
export function perCallback<T>(make: (name: CallbackName) => T): Readonly<Record<CallbackName, T>> {
  return {
    crm: make('crm'),
    'outgoing-conversation': make('outgoing-conversation'),
    routing: make('routing'),
    templates: make('templates'),
    'twilio-conversations': make('twilio-conversations'),
  };
}

/** How long Twilio waits for a response, in milliseconds (twilio.md#callbacks-and-timeouts). */
export const TWILIO_WAITS_MS: Readonly<Record<CallbackName, number>> = {
  crm: 6_000,
  'outgoing-conversation': 6_000,
  routing: 10_000,
  templates: 6_000,
  'twilio-conversations': 5_000,
};

/** The response budget, in milliseconds; the rest of Twilio's wait is left for the network and a cold start. */
export const RESPONSE_BUDGET_MS = perCallback(
  (name) => TWILIO_WAITS_MS[name] - (name === 'routing' ? 2_000 : 1_000),
);

/** Part of that reserved for writing the response and for timers that fire late on a busy machine. */
export const RESPONSE_RESERVE_MS = 500;

/** The largest response that Frontline accepts (error 48003, twilio.md#callbacks-and-timeouts). */
export const MAX_RESPONSE_BYTES = 64_000;

/** The share of a list's rows; the rest is for the fields around them, such as a page token. */
export const MAX_ROWS_BYTES = 60_000;

/** The events of Twilio Conversations that the service needs (twilio.md#event-filters). */
export const PRE_EVENTS: readonly string[] = ['onConversationAdd', 'onMessageAdd'];
export const POST_EVENTS: readonly string[] = ['onMessageAdded', 'onParticipantAdded', 'onDeliveryUpdated'];
/** The further post events that only the inbox's index is made of (twilio.md#configuration). */
export const INBOX_EVENTS: readonly string[] = [
  ...['onConversationAdded', 'onConversationStateUpdated', 'onConversationRemoved', 'onParticipantRemoved'],
  ...['onParticipantUpdated', 'onMessageUpdated', 'onMessageRemoved'],
];
