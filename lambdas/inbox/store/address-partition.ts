import { createHash } from 'node:crypto';
import type { AddressKey } from '../../phone-number/address';

/**
 * One partition for every spelling of a number, on either channel. The digest only makes keys of one length: it is no
 * secret, because numbers are few enough to try them all, and no key would make it one, because the number itself stands
 * in the same item for all who can read the table. It never leaves the table: the queue and the log have SIDs instead.
 */
export function addressPartition(key: AddressKey): string {
  return `address#${createHash('sha256').update(key).digest('base64url')}`;
}
