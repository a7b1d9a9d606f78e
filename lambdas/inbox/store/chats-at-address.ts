import type { AddressKey } from '../../phone-number/address';
import type { DynamoAccess } from '../../replica/dynamo-access';
import { DynamoTable, inPartition } from '../../replica/dynamo-table';
import { addressPartition } from './address-partition';
import { chatSidIn } from './inbox-keys';
import { BY_ADDRESS } from './inbox-table';

/**
 * The SIDs of all chats with an address, in any spelling and on either channel. Not a part of `ChatStore`, so that the
 * functions that need nothing else of the inbox load nothing else.
 * @throws {ServiceUnavailableError}
 */
export async function chatSidsAt(access: DynamoAccess, key: AddressKey): Promise<readonly string[]> {
  const sids: string[] = [];
  const pages = new DynamoTable(access).query({
    index: BY_ADDRESS.name,
    key: inPartition(addressPartition(key), BY_ADDRESS.partitionKey),
    attributes: ['pk'],
  });
  for await (const items of pages) {
    sids.push(...items.flatMap(({ pk }) => chatSidIn(pk?.S ?? '') ?? []));
  }
  return sids;
}
