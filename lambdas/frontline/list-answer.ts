import { type CustomerSummary, displayName } from '../customer-directory/customer';
import type { CustomerPage } from '../customer-directory/customer-directory';
import { shorten } from '../customer-directory/shorten';

/** Frontline's list does not wrap a name. */
const LIST_NAME_LENGTH = 120;
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

/** A customer as Frontline's list shows one (Twilio contract 1.1). */
function listEntry(customer: CustomerSummary) {
  return {
    customer_id: customer.id,
    display_name: shorten(displayName(customer), LIST_NAME_LENGTH),
    ...(customer.avatar !== null && { avatar: customer.avatar }),
  };
}
