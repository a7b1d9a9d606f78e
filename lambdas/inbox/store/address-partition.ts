import { createHash } from 'node:crypto';
import type { AddressKey } from '../../phone-number/address';

/**
 * One partition for every spelling of a number, on either channel. The digest only gives keys one length. It hides
 * nothing: numbers are few enough to try all, and the item holds the number itself. It never leaves the table: the queue
 * and the log have SIDs instead.
 */
export function addressPartition(key: AddressKey): string {
  return `address#${createHash('sha256').update(key).digest('base64url')}`;
}
