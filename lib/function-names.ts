import { CALLBACK_NAMES, type CallbackName } from '../lambdas/twilio/callbacks';

/** The inbox's functions, in its own stack. */
export const INBOX_FUNCTION_NAMES = ['inbox-api', 'inbox-events', 'inbox-live'] as const;
export type InboxFunctionName = (typeof INBOX_FUNCTION_NAMES)[number];

/** The functions of the service, without the inbox's. */
export type ServiceFunctionName = CallbackName | 'airtable-webhook' | 'sync';

/** The functions of both stacks, named after their files in `lambdas/`. */
export type FunctionName = ServiceFunctionName | InboxFunctionName;

export const FUNCTION_NAMES: readonly FunctionName[] = [
  ...CALLBACK_NAMES,
  'airtable-webhook',
  'sync',
  ...INBOX_FUNCTION_NAMES,
];

export function isCallback(name: FunctionName): name is CallbackName {
  return CALLBACK_NAMES.some((each) => each === name);
}

export function isInboxFunction(name: FunctionName): name is InboxFunctionName {
  return INBOX_FUNCTION_NAMES.some((each) => each === name);
}
