import { deepEqual, doesNotMatch, equal, match, notEqual } from 'node:assert/strict';
import type { AirtableEmulator } from '../../emulators/airtable/airtable-emulator';
import { type CellValue, findTable } from '../../emulators/airtable/base-model';
import type { Conversation } from '../../emulators/twilio/conversation';
import type { TwilioEmulator } from '../../emulators/twilio/twilio-emulator';
import { CALLBACK_NAMES, type CallbackName } from '../../lambdas/twilio/callbacks';
import { allLogs } from './cloud-logs';
import type { DeployedStack, Form } from './deployed-stack';
import { eventually } from './eventually';
import type { Report } from './report';
import { ANA, BEN, CREDENTIALS, type Customer, JANE, OMAR, proxyFor, SEAN } from './team';

/** The systems behind the callbacks. */
export interface Scene {
  readonly report: Report;
  readonly stack: DeployedStack;
  readonly airtable: AirtableEmulator;
  readonly twilio: TwilioEmulator;
}

const SIGNED = CREDENTIALS.AUTH_TOKEN;

/** One request of each kind that Twilio sends. */
const ONE_OF_EACH: Readonly<Record<CallbackName, Form>> = {
  crm: { Location: 'GetCustomersList', Worker: ANA, PageSize: '30' },
  'outgoing-conversation': outgoingTo(JANE),
  routing: { ConversationSid: `CH${'0'.repeat(32)}`, Attributes: '{}', ...bindingOf(JANE) },
  templates: { Location: 'GetTemplatesByCustomerId', Worker: ANA, CustomerId: JANE.id },
  'twilio-conversations': event('onConversationAdd', { Attributes: '{}', ...bindingOf(JANE) }),
};

/** The service after its first deployment, before the secret is filled. */
export async function checkWithoutCredentials({ report, stack }: Scene): Promise<void> {
  for (const [name, form] of callbacks()) {
    // A customer's first message must not be lost because a name is missing: the response is empty and reveals nothing.
    const expected = name === 'twilio-conversations' ? 200 : 503;
    await report.check(
      `${name} answers ${expected}, and does not tell a stranger what is wrong`,
      async () => {
        const { status, body } = await stack.post(name, form, SIGNED);
        equal(status, expected);
        doesNotMatch(JSON.stringify(body), /secret|ACCOUNT_SID|AUTH_TOKEN/);
      },
    );
  }
  await report.check('the log says what to do about the empty secret', async () => {
    match(
      await allLogs(stack.cloud),
      /secret is empty: put a JSON object with ACCOUNT_SID, AUTH_TOKEN and AIRTABLE_API_KEY/,
    );
  });
}

/** Requests that are not Twilio's, while no run of sync asks Airtable. */
export async function checkRefusals({ report, stack, airtable, twilio }: Scene): Promise<void> {
  const outside = () => twilio.requests.length + airtable.requests.length;
  for (const [name, form] of callbacks()) {
    await report.check(
      `${name} rejects a request without or with a wrong signature, and calls no other system`,
      async () => {
        const before = outside();
        equal((await stack.post(name, form)).status, 403);
        equal((await stack.post(name, form, 'another-token')).status, 403);
        equal(outside(), before);
      },
    );
  }
  await report.check('another path or method is not found', async () => {
    const notFound = { status: 404, body: { message: 'Not Found' } };
    deepEqual(await stack.send('POST', '/callbacks/none'), notFound);
    deepEqual(await stack.send('GET', '/callbacks/crm'), notFound);
  });
}

export async function checkCrm({ report, stack, airtable }: Scene): Promise<void> {
  const crm = (form: Form) => stack.post('crm', form, SIGNED);
  const customers = () => rows(airtable, 'Customers').map(({ name }) => name);

  await report.check("crm lists a worker's own customers", async () => {
    deepEqual(await crm({ Location: 'GetCustomersList', Worker: ANA, PageSize: '30' }), {
      status: 200,
      body: {
        objects: { customers: [JANE, OMAR].map(listEntry), searchable: true },
      },
    });
  });
  await report.check('crm finds a customer whose name has an apostrophe and an accent', async () => {
    const form = { Location: 'GetCustomersList', Worker: BEN, PageSize: '30', Query: "o'brien" };
    deepEqual(await crm(form), {
      status: 200,
      body: { objects: { customers: [listEntry(SEAN)], searchable: true } },
    });
  });
  await report.check('crm shows a customer with a channel in E.164', async () => {
    const { status, body } = await crm({
      Location: 'GetCustomerDetailsByCustomerId',
      Worker: ANA,
      CustomerId: JANE.id,
    });
    equal(status, 200);
    match(JSON.stringify(body), /"channels":\[\{"type":"sms","value":"\+14155550110"\}\]/);
  });
  await report.check('crm creates a customer in Airtable, and deletes one', async () => {
    const channels = JSON.stringify([{ type: 'sms', value: '+14155550119' }]);
    const created = await crm({
      Location: 'CreateCustomer',
      Worker: ANA,
      DisplayName: 'Zoë New',
      Channels: channels,
    });
    equal(created.status, 200);
    deepEqual(customers(), [JANE.name, SEAN.name, OMAR.name, 'Zoë New']);
    const id = /"customer_id":"([^"]+)"/.exec(JSON.stringify(created.body))?.[1] ?? '';
    const deleted = await crm({ Location: 'DeleteCustomer', Worker: ANA, CustomerId: id });
    deepEqual(deleted, { status: 200, body: {} });
    deepEqual(customers(), [JANE.name, SEAN.name, OMAR.name]);
  });
}

export async function checkOutgoingConversation({ report, stack }: Scene): Promise<void> {
  for (const customer of [JANE, SEAN]) {
    await report.check(`outgoing-conversation names our number for ${customer.channel}`, async () => {
      const answer = await stack.post('outgoing-conversation', outgoingTo(customer), SIGNED);
      deepEqual(answer, { status: 200, body: { proxy_address: proxyFor(customer) } });
    });
  }
}

export async function checkTemplates({ report, stack }: Scene): Promise<void> {
  await report.check('templates come filled in for the customer', async () => {
    const form = { Location: 'GetTemplatesByCustomerId', Worker: BEN, CustomerId: SEAN.id };
    deepEqual(await stack.post('templates', form, SIGNED), {
      status: 200,
      body: [
        {
          display_name: 'Openers',
          templates: [{ content: `Hello ${SEAN.name}!`, whatsAppApproved: true }],
        },
        { display_name: 'Closers', templates: [{ content: 'Bye, and thank you', whatsAppApproved: false }] },
      ],
    });
  });
}

export async function checkRouting({ report, stack, twilio }: Scene): Promise<void> {
  for (const [customer, worker] of [
    [JANE, ANA],
    [SEAN, BEN],
  ] as const) {
    await report.check(`routing adds the worker who owns the customer (${customer.channel})`, async () => {
      const { sid } = conversationWith(twilio, customer);
      const form = { ConversationSid: sid, Attributes: '{}', State: 'active', ...bindingOf(customer) };
      equal((await stack.post('routing', form, SIGNED)).status, 200);
      deepEqual(workersIn(twilio, sid), [worker]);
      equal((await stack.post('routing', form, SIGNED)).status, 200);
      deepEqual(workersIn(twilio, sid), [worker]);
    });
  }
  await report.check('routing gives an unknown caller to the default worker', async () => {
    const stranger = { ...JANE, address: '+14155550199' };
    const { sid } = conversationWith(twilio, stranger);
    const form = { ConversationSid: sid, Attributes: '{}', ...bindingOf(stranger) };
    equal((await stack.post('routing', form, SIGNED)).status, 200);
    deepEqual(workersIn(twilio, sid), [BEN]);
  });
}

/** Without the schedule, a STOP and a START reach Airtable by the run that they start. */
export async function checkTwilioConversations(
  { report, stack, airtable, twilio }: Scene,
  signal: AbortSignal,
): Promise<void> {
  const tell = (form: Form) => stack.post('twilio-conversations', form, SIGNED);

  await report.check('twilio-conversations names a conversation after the customer who writes', async () => {
    const { status, body } = await tell(event('onConversationAdd', { Attributes: '{}', ...bindingOf(SEAN) }));
    equal(status, 200);
    match(JSON.stringify(body), new RegExp(`"friendly_name":"${SEAN.name}"`));
  });
  await report.check("twilio-conversations puts the customer's id on the participant", async () => {
    const { sid } = conversationWith(twilio, OMAR);
    const [participant] = twilio.participants(sid);
    const form = {
      ConversationSid: sid,
      ParticipantSid: participant?.sid ?? '',
      Attributes: '{}',
      ...bindingOf(OMAR),
    };
    equal((await tell(event('onParticipantAdded', form))).status, 200);
    const [named] = twilio.participants(sid);
    match(named?.attributes ?? '', new RegExp(`"customer_id":"${OMAR.id}"`));
  });
  await report.check('twilio-conversations holds back a message to a customer who opted out', async () => {
    const { sid } = conversationWith(twilio, OMAR);
    const message = { ConversationSid: sid, Body: 'Hello', Author: ANA, ClientIdentity: ANA, Source: 'SDK' };
    equal((await tell(event('onMessageAdd', message))).status, 403);
  });
  const word = (Body: string, id: string) => {
    const { sid } = conversationWith(twilio, SEAN);
    const message = { ConversationSid: sid, MessageSid: id.padEnd(34, '0'), Body, Author: SEAN.address };
    return tell(event('onMessageAdded', message));
  };
  const optOut = () => rows(airtable, 'Customers').find(({ name }) => name === SEAN.name)?.['opt_out'];
  await report.check('twilio-conversations has a STOP ticked in Airtable, without the schedule', async () => {
    equal((await word(' stop ', 'IMa')).status, 200);
    await eventually(signal, () => equal(optOut(), 'true'));
  });
  await report.check('twilio-conversations has a START take its tick away', async () => {
    equal((await word('START', 'IMb')).status, 200);
    await eventually(signal, () => notEqual(optOut(), 'true'));
  });
  await report.check('twilio-conversations lets an event pass that it does nothing about', async () => {
    deepEqual(await tell(event('onUserAdded', {})), { status: 200, body: {} });
  });
}

/** Checks that hold for every callback, by its name and one of its requests. */
function callbacks(): readonly (readonly [CallbackName, Form])[] {
  return CALLBACK_NAMES.map((name) => [name, ONE_OF_EACH[name]]);
}

function listEntry({ id, name }: Customer) {
  return { customer_id: id, display_name: name };
}

function rows(airtable: AirtableEmulator, table: string): readonly Readonly<Record<string, CellValue>>[] {
  return findTable(airtable.base, table)?.records.map(({ fields }) => fields) ?? [];
}

function outgoingTo(customer: Customer): Form {
  return {
    Location: 'GetProxyAddress',
    Worker: ANA,
    CustomerId: customer.id,
    ChannelType: customer.channel,
    ChannelValue: customer.address,
  };
}

function bindingOf(customer: Customer): Form {
  return {
    'MessagingBinding.Address': customer.address,
    'MessagingBinding.ProxyAddress': proxyFor(customer),
  };
}

export function event(EventType: string, form: Form): Form {
  return { EventType, AccountSid: CREDENTIALS.ACCOUNT_SID, Source: 'API', ...form };
}

/** The customer's one conversation with our number, created if missing. */
export function conversationWith(twilio: TwilioEmulator, customer: Customer): Conversation {
  const begun = twilio
    .conversations()
    .find(({ sid }) =>
      twilio.participants(sid).some((one) => one.messagingBinding?.address === customer.address),
    );
  const participants = [{ address: customer.address, proxyAddress: proxyFor(customer) }];
  return begun ?? twilio.createConversation({ participants });
}

function workersIn(twilio: TwilioEmulator, conversationSid: string): readonly string[] {
  return twilio.participants(conversationSid).flatMap(({ identity }) => identity ?? []);
}
