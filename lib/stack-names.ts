import type { CallbackName } from '../lambdas/callback/callback-name';

/** What the stack is called, where it is made and where it is looked for. */
export const STACK_NAME = 'FrontlineAirtable';

/** How the names of a callback's parts in the template begin, and that of its output: `OutgoingConversation`. */
export function callbackId(name: CallbackName): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
