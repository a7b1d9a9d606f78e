import { shorten } from '../characters/visible-text';
import { type CustomerSummary, displayName } from '../customers/customer';
import type { CustomerPage } from '../customers/customer-repository';
import { MAX_ROWS_BYTES } from '../twilio/callbacks';

/** Frontline's list does not wrap a name. */
const LIST_NAME_LENGTH = 120;

/**
 * A page of customers in the format of Frontline's list. If it would exceed the size limit, the avatars are left out,
 * because a signed attachment address may have a kilobyte.
 */
export function customerList({ customers, nextPageToken }: CustomerPage) {
  const entries = customers.map(listEntry);
  const fits = Buffer.byteLength(JSON.stringify(entries)) <= MAX_ROWS_BYTES;
  return {
    objects: {
      customers: fits ? entries : entries.map(({ avatar: _, ...entry }) => entry),
      searchable: true,
      ...(nextPageToken !== null && { next_page_token: nextPageToken }),
    },
  };
}

/** A customer as an entry of Frontline's list (twilio.md#customer-list). */
function listEntry(customer: CustomerSummary) {
  return {
    customer_id: customer.id,
    display_name: shorten(displayName(customer), LIST_NAME_LENGTH),
    ...(customer.avatar !== null && { avatar: customer.avatar }),
  };
}
