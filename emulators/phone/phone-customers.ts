import { toE164 } from '../../lambdas/phone-number/address';
import type { BaseData } from '../airtable/base-model';

/** A person who has a phone. */
export interface PhoneCustomer {
  readonly name: string;
  /** Numbers in E.164; null for none that can be read. A WhatsApp user id stays as it is. */
  readonly sms: string | null;
  readonly whatsapp: string | null;
}

type Country = Parameters<typeof toE164>[1];

const WHATSAPP_USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

/** The customers in the base who can be reached, by name. */
export function phoneCustomers({ tables }: BaseData, country: Country): PhoneCustomer[] {
  const records = tables.find(({ name }) => name === 'Customers')?.records ?? [];
  return records
    .map(({ fields }) => ({
      name: textOf(fields['name']) || 'No name',
      sms: numberIn(textOf(fields['sms']), country),
      whatsapp: whatsappIn(textOf(fields['whatsapp']), country),
    }))
    .filter(({ sms, whatsapp }) => sms !== null || whatsapp !== null)
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function textOf(cell: unknown): string {
  return typeof cell === 'string' || typeof cell === 'number' ? String(cell).trim() : '';
}

function whatsappIn(cell: string, country: Country): string | null {
  const address = cell.replace(/^whatsapp:/i, '');
  return WHATSAPP_USER_ID.test(address) ? address : numberIn(address, country);
}

function numberIn(cell: string, country: Country): string | null {
  return cell === '' ? null : toE164(cell, country);
}
