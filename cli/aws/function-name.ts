import { CALLBACK_NAMES, type CallbackName } from '../../lambdas/twilio/callbacks';
import { callbackId } from '../../lib/stack-names';

/** The functions of the service, named like their files in `lambdas/`. */
export type FunctionName = CallbackName | 'airtable-webhook' | 'sync';

export const FUNCTION_NAMES: readonly FunctionName[] = [...CALLBACK_NAMES, 'airtable-webhook', 'sync'];

export function isCallback(name: FunctionName): name is CallbackName {
  return CALLBACK_NAMES.some((each) => each === name);
}

/** The prefix of the function's logical id in the template; CDK appends eight characters. */
export function functionId(name: FunctionName): string {
  if (name === 'sync') return 'SyncFunction';
  return name === 'airtable-webhook' ? 'AirtableWebhookFunction' : `${callbackId(name)}Callback`;
}
