import { randomUUID } from 'node:crypto';
import type { CallbackName } from '../../lambdas/twilio/callbacks';
import type { Settings } from '../settings/settings';

/** The parameters of a form, in order. */
type ProbeForm = readonly (readonly [name: string, value: string])[];

/** A request to a deployed callback that changes nothing, and the response that proves the callback works. */
export interface Probe {
  readonly callback: CallbackName;
  /** The request's name, as printed. */
  readonly purpose: string;
  readonly form: ProbeForm;
  readonly expects: { readonly status: number; readonly body: RegExp };
}

/** A number reserved for fiction. */
const STRANGER = '+12025550143';

/** The five requests, as Twilio would send them. */
export function probeRequests({
  configuration: { defaultWorkers, smsNumber },
  accountSid,
}: Settings): Readonly<Record<CallbackName, Probe>> {
  const worker = defaultWorkers[0] ?? 'doctor@example.com';
  return {
    crm: {
      callback: 'crm',
      purpose: `the customers of ${worker}`,
      form: [
        ['Location', 'GetCustomersList'],
        ['Worker', worker],
        ['PageSize', '30'],
      ],
      expects: { status: 200, body: /"customers":\[/ },
    },
    'outgoing-conversation': {
      callback: 'outgoing-conversation',
      purpose: 'the number to text a customer from',
      form: [
        ['Location', 'GetProxyAddress'],
        ['Worker', worker],
        ['CustomerId', 'no-customer'],
        ['ChannelType', 'sms'],
        ['ChannelValue', STRANGER],
      ],
      expects: { status: 200, body: new RegExp(`"proxy_address":"\\${smsNumber}"`) },
    },
    templates: {
      callback: 'templates',
      purpose: 'the templates for an unknown contact',
      // Blank, as for a contact that the app does not know (twilio.md#templates): a demo id would be answered with 404,
      // without a word about the table of templates.
      form: [
        ['Location', 'GetTemplatesByCustomerId'],
        ['Worker', worker],
        ['CustomerId', ''],
      ],
      expects: { status: 200, body: /^\[/ },
    },
    routing: {
      callback: 'routing',
      purpose: 'a worker for a conversation that does not exist',
      // Routing calls Twilio to add a worker and learns that the conversation does not exist: so it signs,
      // is configured and is known to Twilio, and nothing is written.
      form: [
        ['ConversationSid', `CH${randomUUID().replaceAll('-', '')}`],
        ['MessagingBinding.Address', STRANGER],
        ['MessagingBinding.ProxyAddress', smsNumber],
        ['Attributes', '{}'],
        ['State', 'active'],
      ],
      expects: { status: 404, body: /"error":"NotFound"/ },
    },
    'twilio-conversations': {
      callback: 'twilio-conversations',
      purpose: 'a name for a conversation with an unknown number',
      form: [
        ['EventType', 'onConversationAdd'],
        ['AccountSid', accountSid],
        ['Source', 'SMS'],
        ['MessagingBinding.Address', STRANGER],
        ['MessagingBinding.ProxyAddress', smsNumber],
        ['MessageBody', ''],
        ['Attributes', '{}'],
      ],
      // A service that cannot work accepts the conversation too, because a rejection would lose the customer's message;
      // but it gives no name.
      expects: { status: 200, body: /"friendly_name":/ },
    },
  };
}
