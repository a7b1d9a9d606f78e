/** The five callbacks, named as their routes and their files are. */
export const CALLBACK_NAMES = [
  'crm',
  'outgoing-conversation',
  'routing',
  'templates',
  'twilio-conversations',
] as const;
export type CallbackName = (typeof CALLBACK_NAMES)[number];

/** What the API's log lines and metrics are named by. */
export type RouteName = CallbackName | 'airtable-webhook';

/** Where a callback is, behind the service's address. */
export function callbackPath(name: CallbackName): string {
  return `/callbacks/${name}`;
}
