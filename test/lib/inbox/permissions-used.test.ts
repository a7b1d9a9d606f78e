import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { dynamo } from '../../../lambdas/container';
import { INBOX_PERMISSIONS } from '../../../lib/inbox/inbox-permissions';
import type { TableUse } from '../../../lib/tables';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const SEND_ID = '0a0a0a0a-0000-4000-8000-00000000000';
const Input = v.looseObject({
  TableName: v.optional(v.string()),
  IndexName: v.optional(v.string()),
  RequestItems: v.optional(v.record(v.string(), v.unknown())),
});

const running = new AsyncLocalStorage<string>();
/** What each function asked of DynamoDB: `inbox-api inbox Query by-activity`. */
const used = new Set<string>();
let inbox: InboxWorld;

beforeAll(async () => {
  inbox = await InboxWorld.start({
    customers: [
      { id: 541, name: 'Jane Roe', sms: JANE, owner: ANA },
      { id: 542, name: 'Joe', sms: '+15558675322', owner: ANA },
      { id: 543, name: 'Jim Roe', sms: JANE, owner: ANA },
    ],
    settings: { DEFAULT_WORKER: BOB },
    around: (name, call) => running.run(name, call),
  });
  const names = new Map([
    [inbox.table, 'inbox'],
    [process.env['REPLICA_TABLE_NAME'], 'replica'],
    [process.env['OPT_OUT_TABLE_NAME'], 'opt-outs'],
  ]);
  dynamo().middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const { TableName, IndexName, RequestItems = {} } = v.parse(Input, args.input);
        const caller = running.getStore();
        const tables = TableName === undefined ? Object.keys(RequestItems) : [TableName];
        for (const table of tables) {
          const action = String(commandName).replace(/Command$/, '');
          const on = IndexName === undefined ? '' : ` ${IndexName}`;
          if (caller !== undefined) used.add(`${caller} ${names.get(table)} ${action}${on}`);
        }
        return next(args);
      },
    { step: 'initialize' },
  );
  await aDay();
});
afterAll(async () => {
  await inbox.close();
  await closeWorlds();
});

/** Everything that a team does with the inbox, once. */
async function aDay(): Promise<void> {
  const put = async (event: object) => {
    inbox.queue.put(JSON.stringify(event));
    await inbox.queue.settled();
  };
  await inbox.call(ANA, 'session');
  const socket = await inbox.connect(ANA);
  socket.send('{"kind":"ping"}');
  await socket.next('pong');
  const bytes = Buffer.from('a picture');
  const { conversationSid } = await inbox.receive(JANE, 'Hello', [{ contentType: 'image/png', bytes }]);
  const params = { chatSid: String(conversationSid) };
  for (const filter of ['all', 'unread', 'closed', 'unassigned'] as const) {
    await inbox.call(ANA, 'chats', { query: { filter } });
  }
  await inbox.call(ANA, 'chats', { query: { changedSince: new Date(Date.now() - 1_000).toISOString() } });
  await inbox.call(ANA, 'chat', { params });
  await inbox.call(ANA, 'messages', { params });
  await inbox.call(ANA, 'read', { params, body: { index: 0 } });
  const content = { kind: 'text', text: 'Good morning' } as const;
  await inbox.call(ANA, 'send', { params, body: { sendId: `${SEND_ID}1`, content } });
  await inbox.call(ANA, 'send', { params, body: { sendId: `${SEND_ID}3`, content } });
  await inbox.queue.settled();
  await inbox.call(ANA, 'messages', { params });
  await inbox.call(ANA, 'setAvailability', { body: { isAvailable: true } });
  await inbox.call(ANA, 'chatTemplates', { params });
  await inbox.call(ANA, 'colleagues');
  await inbox.call(ANA, 'customers', { query: { q: 'Joe' } });
  await inbox.call(ANA, 'customer', { params: { customerId: '541' } });
  await inbox.call(ANA, 'customerTemplates', { params: { customerId: '541' }, query: { channel: 'sms' } });
  const added = await inbox.call(ANA, 'addCustomer', {
    body: { name: 'Eve', sms: '+15558675399', whatsapp: null },
  });
  const start = { customerId: added.ok.id, channel: 'sms', startId: `${SEND_ID}2`, content } as const;
  await inbox.call(ANA, 'startChat', { body: start });
  await inbox.queue.settled();
  await inbox.call(ANA, 'transfer', { params, body: { to: BOB } });
  await inbox.queue.settled();
  await inbox.call(ANA, 'take', { params });
  await inbox.call(BOB, 'close', { params });
  await inbox.receive(JANE, 'Me again');
  await inbox.receive('+15558675322', 'Hello from Joe');
  await put({ kind: 'sweep' });
  await put({ kind: 'build', subject: `sub-${BOB}`, identity: BOB, page: null });
  await put({ kind: 'worker-removed', subject: `sub-${ANA}`, identity: ANA, page: null });
}

/** The same words for what the stack allows. */
function allowedFor([name, permissions]: (typeof ENTRIES)[number]): string[] {
  const on = (table: string, use: TableUse | null) => [
    ...(use?.actions ?? []).map((action) => `${name} ${table} ${action}`),
    ...(use?.indexes ?? []).map((index) => `${name} ${table} Query ${index.name}`),
  ];
  return [
    ...on('inbox', permissions.inbox),
    ...on('replica', permissions.replica),
    ...on('opt-outs', permissions.optOuts),
  ];
}

const ENTRIES = Object.entries(INBOX_PERMISSIONS);

test.each(ENTRIES)('%s asks DynamoDB for nothing that its policy does not allow', (name) => {
  const allowed = ENTRIES.flatMap(allowedFor);
  const asked = [...used].filter((each) => each.startsWith(`${name} `));

  expect(asked.length).toBeGreaterThan(2);
  expect(asked.filter((each) => !allowed.includes(each))).toEqual([]);
});

test('they use all that the policies allow', () => {
  const unused = ENTRIES.flatMap(allowedFor).filter((each) => !used.has(each));

  expect(unused).toEqual([]);
});
