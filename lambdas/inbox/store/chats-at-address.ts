import type { AddressKey } from '../../phone-number/address';
import type { DynamoAccess } from '../../replica/dynamo-access';
import { DynamoTable } from '../../replica/dynamo-table';
import { addressPartition } from './address-partition';
import { BY_ADDRESS } from './inbox-table';

const CHAT = 'chat#';

/**
 * The SIDs of all chats with an address, in any spelling and on either channel. Not a part of `ChatStore`, so that the
 * functions that need nothing else of the inbox load nothing else.
 * @throws {ServiceUnavailableError}
 */
export async function chatSidsAt(access: DynamoAccess, key: AddressKey): Promise<readonly string[]> {
  const sids: string[] = [];
  const pages = new DynamoTable(access).query({
    index: BY_ADDRESS.name,
    key: {
      text: '#partition = :partition',
      names: { '#partition': BY_ADDRESS.partitionKey },
      values: { ':partition': { S: addressPartition(key) } },
    },
    attributes: ['pk'],
  });
  for await (const items of pages) {
    for (const { pk } of items) if (pk?.S?.startsWith(CHAT)) sids.push(pk.S.slice(CHAT.length));
  }
  return sids;
}
