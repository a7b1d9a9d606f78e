import type { CustomerPage } from '../customer-directory/customer-directory';
import { listEntry } from './customer-card';

/** Frontline takes 64 kB (Twilio contract 0); a signed attachment address may have a kilobyte. */
const ROOM_BYTES = 60_000;

/** A page of customers as Frontline's list takes it; where they would be too much for it, the avatars go. */
export function customerList({ customers, nextPageToken }: CustomerPage) {
  const entries = customers.map(listEntry);
  const fits = Buffer.byteLength(JSON.stringify(entries)) <= ROOM_BYTES;
  return {
    objects: {
      customers: fits ? entries : entries.map(({ avatar: _, ...entry }) => entry),
      searchable: true,
      ...(nextPageToken !== null && { next_page_token: nextPageToken }),
    },
  };
}
