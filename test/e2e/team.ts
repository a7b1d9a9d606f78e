import { aBase, customersTable, templatesTable } from '../../emulators/airtable/base-data';
import type { BaseData } from '../../emulators/airtable/base-model';

/** The deployed service's account, on the emulators. */
export const CREDENTIALS = {
  ACCOUNT_SID: 'ACe2e0e2e0e2e0e2e0e2e0e2e0e2e0e2e0',
  AUTH_TOKEN: 'e2e5ec7e7e2e5ec7e7e2e5ec7e7e2e5ec',
  AIRTABLE_API_KEY: 'patEndToEnd0001.e2e5ec7e7e2e5ec7e7e2e5ec7e7',
};

const OUR_NUMBERS = { sms: '+14135550100', whatsapp: 'whatsapp:+14135550101' };

export const ANA = 'ana@example.com';
export const BEN = 'ben@example.com';

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly channel: 'sms' | 'whatsapp';
  readonly address: string;
}

/** Ana's customer. */
export const JANE: Customer = { id: '1', name: 'Jane Roe', channel: 'sms', address: '+14155550110' };
/** Ben's customer. */
export const SEAN: Customer = {
  id: '2',
  name: "Seán O'Brien",
  channel: 'whatsapp',
  address: 'whatsapp:+14155550111',
};
/** Ana's customer, who has opted out. */
export const OMAR: Customer = { id: '3', name: 'Omar Haddad', channel: 'sms', address: '+14155550112' };

/** Our own number as the customer sees it. */
export function proxyFor({ channel }: Customer): string {
  return OUR_NUMBERS[channel];
}

/** The team's configuration. */
export const CONFIGURATION = {
  AIRTABLE_BASE_ID: 'appEndToEnd000001',
  TWILIO_SMS_NUMBER: OUR_NUMBERS.sms,
  TWILIO_WHATSAPP_NUMBER: OUR_NUMBERS.whatsapp,
  DEFAULT_WORKER: BEN,
};

/** The smallest base that the checks need. */
export function teamBase(): BaseData {
  const customers = [
    { id: 1, name: JANE.name, sms: '(415) 555-0110', owner: ANA, email: 'jane@example.org' },
    { id: 2, name: SEAN.name, whatsapp: '+1 415 555 0111', owner: BEN },
    { id: 3, name: OMAR.name, sms: '415.555.0112', owner: ANA, opt_out: 'true' },
  ];
  const templates = [
    { category: 'Openers', text: 'Hello {{name}}!', whatsAppApproved: true },
    { category: 'Closers', text: 'Bye, and thank you' },
  ];
  return {
    ...aBase([customersTable(customers), templatesTable(templates)]),
    id: CONFIGURATION.AIRTABLE_BASE_ID,
  };
}
