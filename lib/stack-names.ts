import type { CallbackName } from '../lambdas/twilio/callbacks';

/** The stack's default name, for creating it and for finding it. */
export const STACK_NAME = 'FrontlineAirtable';

/** The name of the second stack, with what the inbox needs. */
export const INBOX_STACK_NAME = 'FrontlineAirtableInbox';

/** Tags of the opt-out table by which setup finds it after its stack is deleted: the base's id, the stack's name. */
export const BASE_TAG = 'frontline-airtable:base';
export const STACK_TAG = 'frontline-airtable:stack';

/** The tag of the inbox's table, with the stack's name, by which setup tells it from the opt-out table. */
export const INBOX_TAG = 'frontline-airtable:inbox';

/** The name of a stack's queue of events for the inbox. */
export function inboxQueueName(stackName: string): string {
  return `${stackName}-inbox-events`;
}

/** The name of the queue of events that could not be handled. */
export function inboxDeadLetterQueueName(stackName: string): string {
  return `${inboxQueueName(stackName)}-failed`;
}

/** The function that keeps the replica up to date. */
export function syncFunctionName(stackName: string): string {
  return `${stackName}-sync`;
}

/** The name of a stack's opt-out table. */
export function optOutTableName(stackName: string): string {
  return `${stackName}-OptOuts`;
}

/** The name of a stack's table of the inbox. */
export function inboxTableName(stackName: string): string {
  return `${stackName}-Inbox`;
}

/** The prefix of a callback's logical ids and of its output in the template: `OutgoingConversation`. */
export function callbackId(name: CallbackName): string {
  return pascalCase(name);
}

/** `InboxApi` for `inbox-api`: a name of this project as a part of a logical id. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
