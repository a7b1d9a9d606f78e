import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DynamoDbEmulator, startDynamoDb } from '../../../emulators/dynamodb/dynamodb-emulator';
import {
  applyClosing,
  applyMessage,
  applyParticipant,
  type ChatRecord,
  newChat,
} from '../../../lambdas/inbox/index/chat-record';
import { ChatStore, type RowPage } from '../../../lambdas/inbox/store/chat-store';
import { INBOX_TABLE } from '../../../lambdas/inbox/store/inbox-table';
import { createDynamoClient } from '../../../lambdas/replica/dynamo-client';

const ANA = 'ana@example.com';
const AT = '2026-11-25T12:00:00.000Z';
const MEMBER = { sid: 'MB1', identity: ANA, address: null, proxyAddress: null };

let dynamo: DynamoDbEmulator;
let client: ReturnType<typeof createDynamoClient>;
let store: ChatStore;
beforeAll(async () => {
  dynamo = await startDynamoDb({ tables: { Inbox: INBOX_TABLE } });
  client = createDynamoClient({
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  store = new ChatStore({ client, table: 'Inbox' });
});
afterAll(async () => {
  client.destroy();
  await dynamo.close();
});

const chatOf = (sid: string): ChatRecord => {
  const facts = {
    sid,
    serviceSid: null,
    createdAt: AT,
    isClosed: false,
    updatedAt: AT,
    participants: [],
    readAt: AT,
  };
  const customer = { sid: 'MB0', identity: null, address: '+15558675310', proxyAddress: '+15017122661' };
  return [customer, MEMBER].reduce((chat, each) => applyParticipant(chat, each, AT), newChat(facts));
};
const message = (index: number, at = AT) => ({
  sid: `IM${index}`,
  index,
  authorKind: 'customer' as const,
  author: '',
  text: `text ${index}`,
  media: null,
  at,
  updatedAt: at,
});

describe('many changes at once', () => {
  test('lose none: thirty messages of one chat are all counted, and the last one is shown', async () => {
    const order = Array.from({ length: 30 }, (_, index) => (index * 7) % 30);
    await store.changeChat('CHmany', (chat) => chat ?? chatOf('CHmany'));
    for (let start = 0; start < order.length; start += 6) {
      await Promise.all(
        order
          .slice(start, start + 6)
          .map((index) =>
            store.changeChat('CHmany', (chat) => applyMessage(chat ?? chatOf('CHmany'), message(index))),
          ),
      );
    }
    const row = await store.row(ANA, 'CHmany');
    expect(row?.chat.inbound.map(({ index }) => index)).toEqual(
      Array.from({ length: 30 }, (_, index) => index),
    );
    expect(row?.chat.last?.index).toBe(29);
  });

  test('a repeat writes nothing', async () => {
    const change = (chat: ChatRecord | null) => applyMessage(chat ?? chatOf('CHrepeat'), message(1));
    await store.changeChat('CHrepeat', change);
    const again = await store.changeChat('CHrepeat', change);
    expect(again?.rows).toEqual([expect.objectContaining({ isChanged: false })]);
  });

  test('a row that an earlier attempt did not reach is written by the repeat', async () => {
    await store.changeChat('CHlate', () => chatOf('CHlate'));
    const key = { pk: { S: `worker#${ANA}` }, sk: { S: 'chat#CHlate' } };
    const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
    await client.send(new DeleteItemCommand({ TableName: 'Inbox', Key: key }));
    await store.changeChat('CHlate', (chat) => chat);
    expect((await store.row(ANA, 'CHlate'))?.isMember).toBe(true);
  });
});

test('a closed chat expires after 90 days, and an open one does not', async () => {
  const { GetItemCommand } = await import('@aws-sdk/client-dynamodb');
  const expiryOf = async (pk: string, sk: string) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: 'Inbox', Key: { pk: { S: pk }, sk: { S: sk } } }),
    );
    return Item?.['expires_at']?.N;
  };
  await store.changeChat('CHold', () => chatOf('CHold'));
  expect(await expiryOf('chat#CHold', 'chat')).toBeUndefined();
  await store.changeChat('CHold', (chat) => chat && applyClosing(chat, AT));
  const expected = String(Date.parse(AT) / 1_000 + 90 * 24 * 60 * 60);
  expect(await expiryOf('chat#CHold', 'chat')).toBe(expected);
  expect(await expiryOf(`worker#${ANA}`, 'chat#CHold')).toBe(expected);
});

test('a list is paged by latest activity, and a page begins where the last one ended', async () => {
  for (let number = 0; number < 12; number += 1) {
    const sid = `CHpage${number}`;
    const bob = { ...MEMBER, identity: 'bob@example.com' };
    const at = new Date(Date.parse(AT) + number * 60_000).toISOString();
    await store.changeChat(sid, () =>
      applyMessage(applyParticipant({ ...chatOf(sid), members: {} }, bob, AT), message(0, at)),
    );
  }
  const seen: string[] = [];
  let before: string | null = null;
  do {
    const page = await store.listRows('bob@example.com', { filter: 'all', before, limit: 5 });
    seen.push(...page.rows.map(({ chat }) => chat.sid));
    before = page.next;
  } while (before !== null);
  expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => `CHpage${11 - index}`));
  expect(await store.countUnread('bob@example.com')).toBe(12);
});

test('changes are paged from the earliest, and those of one moment are on one page', async () => {
  const cara = { ...MEMBER, identity: 'cara@example.com' };
  for (const [number, second] of [0, 1, 1, 1, 2].entries()) {
    const sid = `CHchange${number}`;
    const at = new Date(Date.parse(AT) + second * 1_000);
    const then = new ChatStore({ client, table: 'Inbox' }, () => at);
    await then.changeChat(sid, () => applyParticipant({ ...chatOf(sid), members: {} }, cara, AT));
  }
  const pages: string[][] = [];
  let after: string | null = new Date(Date.parse(AT) - 1).toISOString();
  while (after !== null) {
    const page: RowPage = await store.listChanges('cara@example.com', after, 2);
    pages.push(page.rows.map(({ chat }) => chat.sid).sort());
    after = page.next;
  }
  expect(pages).toEqual([['CHchange0', 'CHchange1', 'CHchange2', 'CHchange3'], ['CHchange4']]);
});
