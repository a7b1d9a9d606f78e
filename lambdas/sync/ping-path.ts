/** The path of the endpoint for Airtable's webhook. */
export const AIRTABLE_WEBHOOK_PATH = '/airtable/webhook';
