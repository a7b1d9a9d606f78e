import { FIRST_CUSTOMER } from '../../emulators/seed/customers';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import { FIRST_WORKER } from '../../emulators/seed/workers';
import type { OptionValues } from './callback-options';

const worker = FIRST_WORKER.identity;
const conversation = { 'conversation-sid': DEMO_CREDENTIALS.conversationSid };

/**
 * The demo team's default values for a callback: the first worker, one of her customers, the conversation that
 * `npm start` creates. For another machine, these options are required.
 */
export function teamValues(word: string, typed: OptionValues): OptionValues {
  switch (word) {
    case 'GetCustomerDetailsByCustomerId':
      return { worker, 'customer-id': FIRST_CUSTOMER.id };
    case 'CreateCustomer':
      return { worker, 'display-name': 'Jane Roe', channels: '[{"type":"sms","value":"+16465550123"}]' };
    case 'GetCustomersList':
    case 'DeleteCustomer':
      return { worker };
    case 'GetProxyAddress':
      return { worker, 'customer-id': FIRST_CUSTOMER.id, 'channel-value': FIRST_CUSTOMER.number };
    case 'GetTemplatesByCustomerId':
      return { worker, 'customer-id': FIRST_CUSTOMER.id, ...conversation };
    case 'onConversationAdd':
      return { ...addresses(typed), body: 'Hello' };
    default:
      return { ...conversation, ...eventValues(word, typed) };
  }
}

function eventValues(word: string, typed: OptionValues): OptionValues {
  if (word === 'routing') return addresses(typed);
  if (word.startsWith('onParticipant')) {
    const sid = { 'participant-sid': `MB${'0'.repeat(32)}` };
    return typed.identity === undefined ? { ...sid, ...addresses(typed) } : sid;
  }
  if (word.startsWith('onMessage')) return { ...authorOf(word, typed), body: 'Hello' };
  return {};
}

/** The usual author: the worker's app for events before a message, the customer for events after it. */
function authorOf(word: string, typed: OptionValues): OptionValues {
  const identity = typed['client-identity'];
  if (typed.author !== undefined || typed.from !== undefined) return {};
  if (identity !== undefined) return { author: identity };
  return word === 'onMessageAdd'
    ? { author: worker, 'client-identity': worker }
    : { author: FIRST_CUSTOMER.number };
}

function addresses({ from = FIRST_CUSTOMER.number }: OptionValues): OptionValues {
  const isWhatsApp = from.startsWith('whatsapp:');
  return { from, to: isWhatsApp ? DEMO_CREDENTIALS.whatsappNumber : DEMO_CREDENTIALS.smsNumber };
}
