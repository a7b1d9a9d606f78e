import type { CallbackName } from '../../lambdas/callback/callback-name';

/** What `bin/` calls the stack. */
export const STACK_NAME = 'FrontlineAirtable';

/** How the names of a callback's parts begin in the stack's template, and that of its output. */
export const CALLBACK_IDS: Readonly<Record<CallbackName, string>> = {
  crm: 'Crm',
  'outgoing-conversation': 'OutgoingConversation',
  routing: 'Routing',
  templates: 'Templates',
  'twilio-conversations': 'TwilioConversations',
};
