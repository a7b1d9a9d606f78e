import { randomUUID } from 'node:crypto';
import type { CallbackName } from '../../lambdas/twilio/callbacks';
import type { Settings } from '../settings/settings';

/** The parameters of a form, in order. */
type ProbeForm = readonly (readonly [name: string, value: string])[];

/** A question to a deployed callback that changes nothing anywhere, and the answer that proves it works. */
export interface Probe {
  readonly callback: CallbackName;
  /** What is asked, as the screen names it. */
  readonly asks: string;
  readonly form: ProbeForm;
  readonly expects: { readonly status: number; readonly body: RegExp };
  /** Milliseconds that Twilio waits for an answer (twilio.md#callbacks-and-timeouts). */
  readonly twilioWaits: number;
}

/** Nobody's: these are for fiction. */
const STRANGER = '+12025550143';

/** The five questions, as Twilio would put them. */
export function probeQuestions({
  configuration: { defaultWorkers, smsNumber },
  accountSid,
}: Settings): Readonly<Record<CallbackName, Probe>> {
  const worker = defaultWorkers[0] ?? 'doctor@example.com';
  return {
    crm: {
      callback: 'crm',
      asks: `the customers of ${worker}`,
      form: [
        ['Location', 'GetCustomersList'],
        ['Worker', worker],
        ['PageSize', '30'],
      ],
      expects: { status: 200, body: /"customers":\[/ },
      twilioWaits: 6_000,
    },
    'outgoing-conversation': {
      callback: 'outgoing-conversation',
      asks: 'the number to text a customer from',
      form: [
        ['Location', 'GetProxyAddress'],
        ['Worker', worker],
        ['CustomerId', 'nobody'],
        ['ChannelType', 'sms'],
        ['ChannelValue', STRANGER],
      ],
      expects: { status: 200, body: new RegExp(`"proxy_address":"\\${smsNumber}"`) },
      twilioWaits: 6_000,
    },
    templates: {
      callback: 'templates',
      asks: 'the templates, for somebody who is no customer yet',
      // Blank, as for a contact whom the app does not know (twilio.md#templates): a made-up id would be answered with
      // 404 without a word about the table of templates.
      form: [
        ['Location', 'GetTemplatesByCustomerId'],
        ['Worker', worker],
        ['CustomerId', ''],
      ],
      expects: { status: 200, body: /^\[/ },
      twilioWaits: 6_000,
    },
    routing: {
      callback: 'routing',
      asks: 'a worker for a conversation that does not exist',
      // Routing asks Twilio to add a worker and hears that there is no such conversation: so it signs, is configured
      // and is known to Twilio, and nothing is written.
      form: [
        ['ConversationSid', `CH${randomUUID().replaceAll('-', '')}`],
        ['MessagingBinding.Address', STRANGER],
        ['MessagingBinding.ProxyAddress', smsNumber],
        ['Attributes', '{}'],
        ['State', 'active'],
      ],
      expects: { status: 404, body: /"error":"NotFound"/ },
      twilioWaits: 10_000,
    },
    'twilio-conversations': {
      callback: 'twilio-conversations',
      asks: 'a name for a conversation with somebody unknown',
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
      twilioWaits: 5_000,
    },
  };
}
