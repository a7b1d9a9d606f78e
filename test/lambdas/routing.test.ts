import { describe, expect, test } from '@jest/globals';
import { aCollaborator } from '../../emulators/airtable/base-data';
import { handler as routing } from '../../lambdas/routing';
import { askForWorker, workersIn } from '../world/conversations';
import { formEvent } from '../world/form-event';
import { startWorld, world } from '../world/use-world';
import { ACCOUNT_SID, SMS_NUMBER } from '../world/world';

const [ANA, BOB, DORA] = ['ana@example.com', 'bob@example.com', 'dora@example.com'];
const CUSTOMER = '+14155550123';

/** The workers in the conversation after routing was requested. */
async function workersFor(address: string, parameters: Readonly<Record<string, string>> = {}) {
  const conversation = world.twilio.createConversation();
  const { status } = await askForWorker(world, conversation, address, parameters);
  expect(status).toBe(200);
  return workersIn(world, conversation);
}

describe('routing a known customer', () => {
  test.each<[how: string, from: string, cells: { sms?: string; whatsapp?: string }]>([
    ['by the SMS number', CUSTOMER, { sms: CUSTOMER }],
    ['by the WhatsApp number', `whatsapp:${CUSTOMER}`, { whatsapp: CUSTOMER }],
    [
      'by a WhatsApp number stored with its prefix',
      `whatsapp:${CUSTOMER}`,
      { whatsapp: `whatsapp:${CUSTOMER}` },
    ],
    ['by a number typed the national way', CUSTOMER, { sms: '(415) 555-0123' }],
    ['by a number with dots and a trunk one', CUSTOMER, { sms: '1.415.555.0123' }],
    ['by a number dialled with 011', CUSTOMER, { sms: '011 1 415-555-0123' }],
    ['writing by SMS, whose number is only in the whatsapp column', CUSTOMER, { whatsapp: CUSTOMER }],
    [
      'writing by WhatsApp, whose number is only in the sms column',
      `whatsapp:${CUSTOMER}`,
      { sms: CUSTOMER },
    ],
    ['abroad', '+4915112345678', { sms: '+49 (0)1511 2345678' }],
  ])('finds one %s and adds the owner', async (_how, from, cells) => {
    await startWorld({
      customers: [
        { id: 1, name: 'Almost the same number', sms: '+14155550124', owner: BOB },
        { id: 2, name: 'The one', owner: ANA, ...cells },
      ],
      settings: { DEFAULT_WORKER: DORA },
    });

    expect(await workersFor(from)).toEqual([ANA]);
  });

  test('prefers the customer who has the number on the message’s channel', async () => {
    await startWorld({
      customers: [
        { id: 1, name: 'Has it for WhatsApp', whatsapp: CUSTOMER, owner: ANA },
        { id: 2, name: 'Has it for SMS', sms: CUSTOMER, owner: BOB },
      ],
    });

    expect(await workersFor(CUSTOMER)).toEqual([BOB]);
    expect(await workersFor(`whatsapp:${CUSTOMER}`)).toEqual([ANA]);
  });

  test.each([
    ['text with stray spaces', 'singleLineText', `  ${ANA} `],
    ['a single select', 'singleSelect', ANA],
    ['a collaborator, whose e-mail counts', 'singleCollaborator', aCollaborator('Ana Marić', ANA)],
  ] as const)('takes an owner who is %s', async (_what, type, owner) => {
    await startWorld({
      columns: { owner: type },
      customers: [{ id: 1, name: 'Jane', sms: CUSTOMER, owner }],
      settings: { DEFAULT_WORKER: DORA },
    });

    expect(await workersFor(CUSTOMER)).toEqual([ANA]);
  });

  test('costs no request to Airtable and three to Twilio: participants, the owner’s state, adding', async () => {
    await startWorld({ customers: [{ id: 1, name: 'Jane', sms: CUSTOMER, owner: ANA }] });
    const conversation = world.twilio.createConversation();

    const { status, body, log } = await askForWorker(world, conversation, CUSTOMER);

    expect([status, body]).toEqual([200, {}]);
    expect(world.airtableRequests).toEqual([]);
    expect(world.twilio.requests.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual([
      'GET Participants',
      `GET ${encodeURIComponent(ANA)}`,
      'POST Participants',
    ]);
    expect(log).toMatchObject([
      {
        level: 'INFO',
        callback: 'routing',
        worker: ANA,
        conversationSid: conversation.sid,
        status: 200,
        airtableRequests: 0,
        twilioRequests: 3,
      },
    ]);
  });
});

describe('routing a customer without an owner', () => {
  test.each([
    ['is unknown', []],
    ['has a blank owner', [{ id: 1, name: 'Jane', sms: CUSTOMER }]],
    ['has an owner of nothing but spaces', [{ id: 1, name: 'Jane', sms: CUSTOMER, owner: '  ' }]],
  ])('adds the default worker if the customer %s', async (_what, customers) => {
    await startWorld({ customers, settings: { DEFAULT_WORKER: DORA } });

    expect(await workersFor(CUSTOMER)).toEqual([DORA]);
  });

  test('gives a conversation the same one of several default workers on every request', async () => {
    await startWorld({ settings: { DEFAULT_WORKER: `${ANA}, ${BOB} ,${DORA}` } });
    const conversation = world.twilio.createConversation();

    for (let time = 0; time < 3; time += 1) await askForWorker(world, conversation, CUSTOMER);

    expect(workersIn(world, conversation)).toHaveLength(1);
  });

  test('spreads conversations over all default workers', async () => {
    await startWorld({ settings: { DEFAULT_WORKER: [ANA, BOB, DORA].join() } });

    const workers = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const conversation = world.twilio.createConversation();
      await askForWorker(world, conversation, CUSTOMER);
      for (const worker of workersIn(world, conversation)) workers.add(worker);
    }

    expect([...workers].sort()).toEqual([ANA, BOB, DORA]);
  });

  test('falls back on another owner in the base if no default worker is set', async () => {
    await startWorld({
      customers: [
        { id: 1, name: 'Nobody’s', sms: '+14155550999' },
        { id: 2, name: 'Bob’s', sms: '+14155550998', owner: BOB },
      ],
    });

    expect(await workersFor(CUSTOMER)).toEqual([BOB]);
  });

  test('chooses an available one of the known owners', async () => {
    await startWorld({
      customers: [
        { id: 1, name: 'A', owner: ANA },
        { id: 2, name: 'B', owner: BOB },
        { id: 3, name: 'D', owner: DORA },
      ],
      users: [
        { identity: ANA, isAvailable: false },
        { identity: BOB, isAvailable: true },
        { identity: DORA, state: 'deactivated', isAvailable: true },
      ],
    });

    for (let count = 0; count < 5; count += 1) expect(await workersFor(CUSTOMER)).toEqual([BOB]);
  });
});

describe('the request for a worker', () => {
  test('may come twice: a worker who is already there is success', async () => {
    await startWorld({ customers: [{ id: 1, name: 'Jane', sms: CUSTOMER, owner: ANA }] });
    const conversation = world.twilio.createConversation();

    const answers = [
      await askForWorker(world, conversation, CUSTOMER),
      await askForWorker(world, conversation, CUSTOMER),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(world.twilio.requests.filter(({ method }) => method === 'POST')).toMatchObject([{ status: 201 }]);
    expect(workersIn(world, conversation)).toEqual([ANA]);
  });

  test('may come twice with another choice in between: the first worker stays the only one', async () => {
    await startWorld({ settings: { DEFAULT_WORKER: ANA } });
    const conversation = world.twilio.createConversation();
    await askForWorker(world, conversation, CUSTOMER);
    process.env['DEFAULT_WORKER'] = BOB;

    expect((await askForWorker(world, conversation, CUSTOMER)).status).toBe(200);

    expect(workersIn(world, conversation)).toEqual([ANA]);
  });

  test('may come twice when Twilio does not list the participants: a 409 is success', async () => {
    await startWorld({ customers: [{ id: 1, name: 'Jane', sms: CUSTOMER, owner: ANA }] });
    const conversation = world.twilio.createConversation({ participants: [{ identity: ANA }] });
    world.twilio.faults.always({ kind: 'server-error' }, ({ method }) => method === 'GET');

    expect((await askForWorker(world, conversation, CUSTOMER)).status).toBe(200);

    expect(world.twilio.requests.at(-1)).toMatchObject({ method: 'POST', status: 409 });
    expect(workersIn(world, conversation)).toEqual([ANA]);
  });

  test('concerns the author in a group, where the address names the others', async () => {
    await startWorld({
      customers: [
        { id: 1, name: 'Jane', sms: CUSTOMER, owner: ANA },
        { id: 2, name: 'Joe', sms: '+14155550124', owner: BOB },
      ],
    });

    const workers = await workersFor('+14155550124, +14155550125', {
      'MessagingBinding.AuthorAddress': CUSTOMER,
      'MessagingBinding.ProjectedAddress': SMS_NUMBER,
    });

    expect(workers).toEqual([ANA]);
  });

  test.each([
    ['a short code', '24273'],
    ['a name', 'MyBank'],
    ['an address of another channel', 'messenger:108'],
  ])('goes to a default worker without a lookup if %s writes', async (_what, address) => {
    await startWorld({ settings: { DEFAULT_WORKER: DORA } });

    expect(await workersFor(address)).toEqual([DORA]);
    expect(world.airtableRequests).toEqual([]);
  });

  test('uses the conversation service that it names, else the account’s default one', async () => {
    await startWorld({ settings: { DEFAULT_WORKER: DORA } });
    const conversation = world.twilio.createConversation();
    const ofConversation = `Conversations/${conversation.sid}/Participants`;

    await askForWorker(world, conversation, CUSTOMER);
    await askForWorker(world, conversation, CUSTOMER, { ConversationServiceSid: '' });

    const inService = `/v1/Services/${world.twilio.conversationServiceSid}/${ofConversation}`;
    expect(world.twilio.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET ${inService}`,
      `POST ${inService}`,
      `GET /v1/${ofConversation}`,
    ]);
  });

  test.each<[what: string, pairs: readonly (readonly [string, string])[], worker: string]>([
    ['has no address at all', [], DORA],
    ['has a blank address', [['MessagingBinding.Address', ' ']], DORA],
    [
      'repeats the address, with the author in a parameter of its own',
      [
        ['MessagingBinding.Address', '+14155550124'],
        ['MessagingBinding.Address', CUSTOMER],
        ['MessagingBinding.AuthorAddress', CUSTOMER],
      ],
      ANA,
    ],
    [
      'repeats the address, of which the second is a customer’s',
      [
        ['MessagingBinding.Address', 'MyBank'],
        ['MessagingBinding.Address', CUSTOMER],
      ],
      ANA,
    ],
    [
      'repeats the author',
      [
        ['MessagingBinding.AuthorAddress', 'nonsense'],
        ['MessagingBinding.AuthorAddress', CUSTOMER],
      ],
      ANA,
    ],
    [
      'repeats the service, of which none is readable',
      [
        ['MessagingBinding.Address', CUSTOMER],
        ['ConversationServiceSid', 'IS1'],
        ['ConversationServiceSid', ''],
      ],
      ANA,
    ],
    [
      'repeats everything else',
      [
        ['MessagingBinding.Address', CUSTOMER],
        ['Attributes', '{'],
        ['Attributes', '['],
        ['State', 'active'],
        ['State', 'active'],
        ['FriendlyName', ''],
        ['FriendlyName', 'x'],
        ['AccountSid', ACCOUNT_SID],
        ['AccountSid', ACCOUNT_SID],
      ],
      ANA,
    ],
  ])('gets a worker if it %s', async (_what, pairs, worker) => {
    await startWorld({
      customers: [{ id: 1, name: 'Jane', sms: CUSTOMER, owner: ANA }],
      settings: { DEFAULT_WORKER: DORA },
    });
    const conversation = world.twilio.createConversation();
    const path = '/callbacks/routing';

    const answer = await world.deliver(
      routing,
      formEvent([['ConversationSid', conversation.sid], ...pairs], { path }),
    );

    expect(answer.status).toBe(200);
    expect(workersIn(world, conversation)).toEqual([worker]);
  });

  test('uses the first valid SID if the conversation is named twice', async () => {
    await startWorld({ settings: { DEFAULT_WORKER: DORA } });
    const conversation = world.twilio.createConversation();
    const pairs = [
      ['ConversationSid', 'CH1'],
      ['ConversationSid', conversation.sid],
    ] as const;

    const answer = await world.deliver(routing, formEvent(pairs, { path: '/callbacks/routing' }));

    expect(answer.status).toBe(200);
    expect(workersIn(world, conversation)).toEqual([DORA]);
  });

  test('goes to a default worker, and starts the first pass, until the base has been read once', async () => {
    await startWorld({
      synced: false,
      customers: [{ id: 1, name: 'Jane', sms: CUSTOMER, owner: ANA }],
      settings: { DEFAULT_WORKER: DORA },
    });

    expect(await workersFor(CUSTOMER)).toEqual([DORA]);
    expect(await world.awaitSyncStarts()).toEqual([{ run: 'schedule' }]);
  });

  test.each([
    [
      'someone else changes the conversation',
      { kind: 'rejected', status: 409, code: 50349, message: 'Try again' },
    ],
    ['a group is not ready yet', { kind: 'rejected', status: 400, code: 50386, message: 'Initializing' }],
  ] as const)('is repeated while %s', async (_what, fault) => {
    await startWorld({ settings: { DEFAULT_WORKER: DORA } });
    const conversation = world.twilio.createConversation();
    world.twilio.faults.next(2, fault, ({ method }) => method === 'POST');

    expect((await askForWorker(world, conversation, CUSTOMER)).status).toBe(200);
    expect(workersIn(world, conversation)).toEqual([DORA]);
  });

  test('treats a 409 without details as "already there"', async () => {
    await startWorld({ settings: { DEFAULT_WORKER: DORA } });
    const conversation = world.twilio.createConversation();
    const fault = { kind: 'rejected', status: 409, code: 0, message: '' } as const;
    world.twilio.faults.always(fault, ({ method }) => method === 'POST');

    expect((await askForWorker(world, conversation, CUSTOMER)).status).toBe(200);
  });

  test('prefers, of two customers with the number, the one with an owner', async () => {
    const number = CUSTOMER.slice(2);
    await startWorld({
      customers: [
        { id: 1, name: 'Jane', sms: number },
        { id: 2, name: 'Jane Roe', whatsapp: number, owner: ANA },
      ],
      settings: { DEFAULT_WORKER: DORA },
    });
    const conversation = world.twilio.createConversation();

    const { log } = await askForWorker(world, conversation, CUSTOMER);

    expect(workersIn(world, conversation)).toEqual([ANA]);
    expect(log).toMatchObject([{ customerId: '1', worker: ANA }]);
  });
});
