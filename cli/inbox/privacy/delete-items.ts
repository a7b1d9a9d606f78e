import { setTimeout as delay } from 'node:timers/promises';
import { inBatches } from '../../../lambdas/concurrency/at-once';
import { applyGone, presentWorkers } from '../../../lambdas/inbox/index/chat-record';
import { readRow } from '../../../lambdas/inbox/store/inbox-items';
import { INBOX_KEYS } from '../../../lambdas/inbox/store/inbox-keys';
import type { Item } from '../../../lambdas/replica/dynamo-access';
import { DynamoTable, type Expression } from '../../../lambdas/replica/dynamo-table';
import type { ItemKey } from '../../../lambdas/replica/keys';
import type { InboxData } from '../deployed-inbox';
import type { FoundChat } from './find-chats';

/** An `IN` of DynamoDB takes a hundred values. */
const CHATS_PER_SCAN = 100;
const WAIT_MS = 30_000;
const POLL_MS = 1_000;

/**
 * Deletes everything that the inbox's table has of conversations that are gone at Twilio. Their workers' open pages
 * remove them first. What remains for two weeks is that a worker was in a chat with this SID: other devices learn from
 * it that the chat is gone.
 */
export async function deleteItems(
  deleted: readonly FoundChat[],
  inbox: InboxData,
  { waitMs = WAIT_MS, pollMs = POLL_MS }: { readonly waitMs?: number; readonly pollMs?: number } = {},
): Promise<void> {
  const { enqueue } = inbox;
  for (const { sid, serviceSid } of deleted) {
    await enqueue?.({ kind: 'conversation', conversationSid: sid, serviceSid });
  }
  const until = enqueue === null ? 0 : Date.now() + waitMs;
  for (const { sid } of deleted) {
    while (!(await isEmpty(sid, inbox)) && Date.now() < until) await delay(pollMs);
    // Also where no event was handled: then a page shows the chat until it is loaded again.
    await inbox.chats.changeChat(sid, (chat) => chat && applyGone(chat, new Date()));
  }
  const table = new DynamoTable(inbox.table);
  for (const sids of inBatches(
    deleted.map(({ sid }) => sid),
    CHATS_PER_SCAN,
  )) {
    for await (const items of table.scan({ filter: aboutChats(sids) })) {
      const keys = items.flatMap((item) => (isTombstone(item) ? [] : keyOf(item)));
      // The chat itself is last: by its address an interrupted deletion is found again.
      const others = keys.filter(({ sk }) => sk !== CHAT);
      await table.writeAll(others.map((key) => ({ delete: key })));
    }
    for (const sid of sids) await table.delete(INBOX_KEYS.chat(sid));
  }
}

const CHAT = INBOX_KEYS.chat('').sk;

async function isEmpty(sid: string, { chats }: InboxData): Promise<boolean> {
  const chat = await chats.chat(sid);
  return chat === null || (chat.isClosed && presentWorkers(chat).length === 0);
}

/** The items of chats, wherever they are: the chat's own partition, workers' rows, and sends. */
function aboutChats(sids: readonly string[]): Expression {
  const values = new Map<`:${string}`, { readonly S: string }>();
  const listed = (name: string, textOf: (sid: string) => string) =>
    sids
      .map((sid, index) => {
        const placeholder = `:${name}${index}` as const;
        values.set(placeholder, { S: textOf(sid) });
        return placeholder;
      })
      .join(', ');
  const partitions = listed('chat', (sid) => INBOX_KEYS.chat(sid).pk);
  const rows = listed('row', (sid) => INBOX_KEYS.row('', sid).sk);
  const sends = listed('send', (sid) => sid);
  return {
    text: `#pk IN (${partitions}) OR #sk IN (${rows}) OR #chat IN (${sends})`,
    names: { '#pk': 'pk', '#sk': 'sk', '#chat': 'chat_sid' },
    values: Object.fromEntries(values),
  };
}

/** A worker's row without anything about the customer. */
function isTombstone(item: Item): boolean {
  const row = readRow(item).document;
  return row !== null && !row.isMember && row.chat.address === null;
}

function keyOf({ pk, sk }: Item): ItemKey[] {
  return pk?.S === undefined || sk?.S === undefined ? [] : [{ pk: pk.S, sk: sk.S }];
}
