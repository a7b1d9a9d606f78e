import { createHash } from 'node:crypto';
import type { AddressKey } from '../../phone-number/address';

/**
 * One partition for every spelling of a number, on either channel. A digest, because it also travels in the queue,
 * where no number belongs.
 */
export function addressPartition(key: AddressKey): string {
  return `address#${createHash('sha256').update(key).digest('base64url')}`;
}
