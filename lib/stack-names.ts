import type { CallbackName } from '../lambdas/twilio/callbacks';

/** What the stack is called, where it is made and where it is looked for. */
export const STACK_NAME = 'FrontlineAirtable';

/** Tags of the opt-out table, by which set-up finds it again when its stack is gone: the base's id, the stack's name. */
export const BASE_TAG = 'frontline-airtable:base';
export const STACK_TAG = 'frontline-airtable:stack';

/** What a stack calls its opt-out table. */
export function optOutTableName(stackName: string): string {
  return `${stackName}-OptOuts`;
}

/** How the names of a callback's parts in the template begin, and that of its output: `OutgoingConversation`. */
export function callbackId(name: CallbackName): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
