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
