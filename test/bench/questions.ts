import type { RecordData } from '../../emulators/airtable/airtable-emulator';
import type { Row } from '../../emulators/airtable/base-data';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import type { CallbackName } from '../../lambdas/twilio/callbacks';
import type { Service } from './service';

export const WORKER = 'ana@example.com';
/** The first customer's. */
export const ADDRESS = '+14155550123';

/** Conversations that the requests are about. */
export interface Conversations {
  /** One with the first customer in it. */
  readonly current: string;
  /** A different one each time. */
  readonly next: () => string;
}

/** Requests of Frontline or Conversations to a callback. */
export interface Question {
  readonly callback: CallbackName;
  readonly parameters: (conversations: Conversations) => Readonly<Record<string, string>>;
}

const crm = (Location: string, more: Readonly<Record<string, string>>): Question => ({
  callback: 'crm',
  parameters: () => ({ Location, Worker: WORKER, ...more }),
});

/** The requests of a team's day: lists, search, details, templates, routing, names and the guard. */
export const QUESTIONS = {
  list: crm('GetCustomersList', { PageSize: '30' }),
  search: crm('GetCustomersList', { PageSize: '30', Query: 'customer 00' }),
  details: crm('GetCustomerDetailsByCustomerId', { CustomerId: '1' }),
  'proxy address': {
    callback: 'outgoing-conversation',
    parameters: () => ({
      Location: 'GetProxyAddress',
      Worker: WORKER,
      CustomerId: '1',
      ChannelType: 'sms',
      ChannelValue: ADDRESS,
    }),
  },
  templates: {
    callback: 'templates',
    parameters: () => ({ Location: 'GetTemplatesByCustomerId', Worker: WORKER, CustomerId: '1' }),
  },
  routing: {
    callback: 'routing',
    parameters: ({ next }) => ({ ConversationSid: next(), 'MessagingBinding.Address': ADDRESS }),
  },
  naming: {
    callback: 'twilio-conversations',
    parameters: () => ({
      EventType: 'onConversationAdd',
      'MessagingBinding.Address': ADDRESS,
      Attributes: '{}',
    }),
  },
  guard: {
    callback: 'twilio-conversations',
    parameters: ({ current }) => ({
      EventType: 'onMessageAdd',
      ConversationSid: current,
      ClientIdentity: WORKER,
    }),
  },
} as const satisfies Readonly<Record<string, Question>>;

/** Customers. WORKER owns every tenth; the first has the address that the requests are about. */
export function madeUpCustomers(length: number): Row[] {
  return Array.from({ length }, (_, index) => ({
    id: index + 1,
    name: `Customer ${String(index + 1).padStart(5, '0')}`,
    sms: index === 0 ? '(415) 555-0123' : `+1212${String(5_550_000 + index)}`,
    owner: index % 10 === 0 ? WORKER : `worker${index % 10}@example.com`,
  }));
}

export function conversationsOf({ surroundings: { twilio } }: Service): Conversations {
  const participants = [{ address: ADDRESS, proxyAddress: DEMO_CREDENTIALS.smsNumber }];
  return {
    current: twilio.createConversation({ participants }).sid,
    next: () => twilio.createConversation().sid,
  };
}

/** The customers as the base has them now. */
export function customersIn({ surroundings: { airtable } }: Service): readonly RecordData[] {
  return airtable.base.tables.find(({ name }) => name === 'Customers')?.records ?? [];
}

export function firstCustomer(service: Service): RecordData {
  const [customer] = customersIn(service);
  if (customer === undefined) throw new Error('The base has no customer');
  return customer;
}
