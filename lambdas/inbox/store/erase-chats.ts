import { inBatches } from '../../concurrency/at-once';
import type { DynamoAccess, Item } from '../../replica/dynamo-access';
import { DynamoTable, type Expression } from '../../replica/dynamo-table';
import type { ItemKey } from '../../replica/keys';
import { readRow } from './inbox-items';
import { INBOX_KEYS } from './inbox-keys';

/** An `IN` of DynamoDB takes a hundred values. */
const CHATS_PER_SCAN = 100;

/**
 * Deletes everything that the inbox's table has of these chats, but the tombstones, by which other devices learn that a
 * chat is gone. The chat itself is last: by its address an interrupted deletion is found again.
 * @throws {ServiceUnavailableError}
 */
export async function eraseChats(access: DynamoAccess, chatSids: readonly string[]): Promise<void> {
  const table = new DynamoTable(access);
  for (const sids of inBatches(chatSids, CHATS_PER_SCAN)) {
    for await (const items of table.scan({ filter: aboutChats(sids) })) {
      const keys = items.flatMap((item) => (isTombstone(item) ? [] : keyOf(item)));
      const others = keys.filter(({ sk }) => sk !== CHAT);
      await table.writeAll(others.map((key) => ({ delete: key })));
    }
    for (const sid of sids) await table.delete(INBOX_KEYS.chat(sid));
  }
}

const CHAT = INBOX_KEYS.chat('').sk;

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
