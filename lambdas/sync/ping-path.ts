/** Where Airtable's webhook reports changes, behind the service's address. */
export const AIRTABLE_WEBHOOK_PATH = '/airtable/webhook';
