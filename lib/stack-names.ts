import type { CallbackName } from '../lambdas/twilio/callbacks';

/** The stack's default name, for creating it and for finding it. */
export const STACK_NAME = 'FrontlineAirtable';

/** The name of the second stack, with what the inbox needs. */
export const INBOX_STACK_NAME = 'FrontlineAirtableInbox';

/**
 * Tags of a retained table by which setup finds it after its stack is deleted: the base's id, the stack's name, and
 * which table it is. The opt-out table has no tag for the last, as those of earlier versions.
 */
export const BASE_TAG = 'frontline-airtable:base';
export const STACK_TAG = 'frontline-airtable:stack';
export const TABLE_TAG = 'frontline-airtable:table';
/** The inbox table's value of `TABLE_TAG`. */
export const INBOX_TABLE_KIND = 'inbox';

/** The name of a stack's opt-out table. */
export function optOutTableName(stackName: string): string {
  return `${stackName}-OptOuts`;
}

/** The name of a stack's inbox table. */
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
