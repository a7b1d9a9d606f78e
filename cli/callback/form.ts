import { FIRST_CUSTOMER } from '../../emulators/seed/base';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import { FIRST_WORKER } from '../../emulators/seed/workers';
import type { Environment } from '../../lambdas/config';
import { UsageError } from '../../lib/user-error';
import type { Callback } from './callbacks';

/** The parameters of a form, in order; a name may repeat. */
export type Form = readonly (readonly [string, string])[];

type Values = Readonly<Record<string, string | undefined>>;

/** How and where a form is sent. */
interface Target {
  /** Whether to this machine, where the demo team's values are valid. */
  readonly isLocal: boolean;
  readonly environment: Environment;
  readonly now: Date;
}

const ADDRESS = 'MessagingBinding.Address';
const PROXY_ADDRESS = 'MessagingBinding.ProxyAddress';
const WORKER = FIRST_WORKER.identity;
const { id: CUSTOMER_ID, number: CUSTOMER_NUMBER } = FIRST_CUSTOMER;

/**
 * The form that Twilio would send: the given parameters, and Twilio's usual values for the others. A callback to this
 * machine gets values of the demo team: the first worker, one of her customers, the conversation of `npm start`.
 * @throws {UsageError} naming the parameters that are misspelled, or required for another machine
 */
export function buildForm(callback: Callback, given: Form, { isLocal, environment, now }: Target): Form {
  const typed: Values = Object.fromEntries(given);
  rejectMisspelled(callback, typed);
  const demo = demoValues(callback, typed);
  const usual = usualValues(callback, { ...demo, ...typed }, environment, now);
  if (!isLocal) rejectMissing(callback, demo, { ...usual, ...typed });
  if (callback.name === 'DeleteCustomer' && typed['CustomerId'] === undefined) {
    throw new UsageError('DeleteCustomer requires CustomerId=…, the customer to delete');
  }
  const defaults = Object.entries({ ...demo, ...usual }).flatMap(
    ([name, value]): Form => (value === undefined || Object.hasOwn(typed, name) ? [] : [[name, value]]),
  );
  return [...defaults, ...given];
}

/** Values that only the demo team has. For another machine, these parameters are required. */
function demoValues({ name, kind }: Callback, typed: Values): Values {
  const conversation = { ConversationSid: DEMO_CREDENTIALS.conversationSid };
  switch (name) {
    case 'GetCustomersList':
    case 'DeleteCustomer':
      return { Worker: WORKER };
    case 'GetCustomerDetailsByCustomerId':
      return { Worker: WORKER, CustomerId: CUSTOMER_ID };
    case 'CreateCustomer':
      return { Worker: WORKER, DisplayName: 'Jane Roe', Channels: '[{"type":"sms","value":"+16465550123"}]' };
    case 'GetProxyAddress':
      return { Worker: WORKER, CustomerId: CUSTOMER_ID, ChannelValue: CUSTOMER_NUMBER };
    case 'GetTemplatesByCustomerId':
      return { Worker: WORKER, CustomerId: CUSTOMER_ID, ...conversation };
    case 'routing':
      return { ...conversation, ...bindingOf(typed) };
    default:
      return {
        ...(kind === 'event' && { AccountSid: DEMO_CREDENTIALS.accountSid }),
        ...(name === 'onConversationAdd' ? { ...bindingOf(typed), MessageBody: 'Hello' } : conversation),
        ...(name.startsWith('onParticipant') && { ParticipantSid: `MB${'0'.repeat(32)}` }),
        ...(name.startsWith('onParticipant') && typed['Identity'] === undefined && bindingOf(typed)),
        ...(name.startsWith('onMessage') && { ...authorOf(name, typed), Body: 'Hello' }),
      };
  }
}

function bindingOf({ [ADDRESS]: address = CUSTOMER_NUMBER }: Values): Values {
  const ours = isWhatsApp(address) ? DEMO_CREDENTIALS.whatsappNumber : DEMO_CREDENTIALS.smsNumber;
  return { [ADDRESS]: address, [PROXY_ADDRESS]: ours };
}

/** The usual author: the worker's app for events before a message, the customer for events after it. */
function authorOf(name: string, { Author: author, ClientIdentity: identity }: Values): Values {
  if (author !== undefined) return {};
  if (identity !== undefined) return { Author: identity };
  return name === 'onMessageAdd' ? { Author: WORKER, ClientIdentity: WORKER } : { Author: CUSTOMER_NUMBER };
}

/** Values that suit any service, with the numbers and the account of the settings. */
function usualValues(callback: Callback, values: Values, environment: Environment, now: Date): Values {
  const { name, kind, parameters } = callback;
  const address = values[ADDRESS];
  const proxyAddress = address && ourNumber(address, environment);
  const dates = { DateCreated: now.toISOString(), DateUpdated: now.toISOString() };
  const usual: Values = {
    PageSize: '30',
    ChannelType: isWhatsApp(values['ChannelValue']) ? 'whatsapp' : 'sms',
    MessageSid: `IM${'0'.repeat(32)}`,
    ConversationServiceSid: DEMO_CREDENTIALS.conversationServiceSid,
    ChatServiceSid: DEMO_CREDENTIALS.conversationServiceSid,
    Attributes: '{}',
    State: 'active',
    Source: sourceOf(values),
  };
  return {
    ...(kind === 'location' && { Location: name }),
    ...(kind === 'event' && { EventType: name, ...eventValues(name, address, dates) }),
    ...(kind === 'event' && environment['ACCOUNT_SID'] && { AccountSid: environment['ACCOUNT_SID'] }),
    ...(kind === 'routing' && dates),
    ...Object.fromEntries(Object.entries(usual).filter(([parameter]) => parameters.includes(parameter))),
    ...(proxyAddress && { [PROXY_ADDRESS]: proxyAddress }),
  };
}

/** Parameters of an event that the service does not read (twilio.md#webhook-parameters to 6.4). */
function eventValues(name: string, address: string | undefined, dates: Values): Values {
  return {
    ...(/(Added|Updated|Removed)$/.test(name) && { ...dates, RetryCount: '0' }),
    ...(name === 'onMessageAdded' && { Index: '0' }),
    ...(name.startsWith('onParticipant') && {
      RoleSid: `RL${'0'.repeat(32)}`,
      'MessagingBinding.Type': address === undefined ? 'chat' : isWhatsApp(address) ? 'whatsapp' : 'sms',
    }),
  };
}

function sourceOf({ [ADDRESS]: address, Author: author = '', ClientIdentity: identity }: Values): string {
  if (identity !== undefined) return 'SDK';
  const sender = address ?? author;
  if (!/^(whatsapp:)?\+/.test(sender)) return 'API';
  return isWhatsApp(sender) ? 'WHATSAPP' : 'SMS';
}

function ourNumber(address: string, environment: Environment): string | undefined {
  if (!isWhatsApp(address)) return environment['TWILIO_SMS_NUMBER'];
  const number = environment['TWILIO_WHATSAPP_NUMBER']?.replace(/^whatsapp:/, '');
  return number && `whatsapp:${number}`;
}

function isWhatsApp(address = ''): boolean {
  return address.startsWith('whatsapp:');
}

function rejectMisspelled({ parameters }: Callback, typed: Values): void {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');
  for (const name of Object.keys(typed)) {
    const meant = parameters.find((parameter) => plain(parameter) === plain(name));
    if (meant !== undefined && meant !== name) {
      throw new UsageError(`Unknown parameter ${name}. Did you mean ${meant}?`);
    }
  }
}

function rejectMissing({ name }: Callback, demo: Values, known: Values): void {
  const missing = Object.keys(demo).filter((parameter) => known[parameter] === undefined);
  if (missing.length === 0) return;
  const hint = missing.includes('AccountSid') ? '; ACCOUNT_SID in .env sets AccountSid' : '';
  throw new UsageError(
    `${name} to another machine requires ${missing.map((each) => `${each}=…`).join(' ')} ` +
      `(only this machine has the demo team${hint})`,
  );
}
