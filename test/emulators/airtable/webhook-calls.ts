import * as v from 'valibot';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { call } from './serve';

const Created = v.object({ id: v.string(), macSecretBase64: v.string(), expirationTime: v.string() });
const Page = v.object({
  cursor: v.number(),
  mightHaveMore: v.boolean(),
  payloads: v.array(v.looseObject({ baseTransactionNumber: v.number() })),
});
const Listed = v.object({ webhooks: v.array(v.looseObject({ id: v.string() })) });

interface HookOptions {
  readonly filters?: object;
  readonly includes?: object;
  readonly notificationUrl?: string;
}

export function webhookBody({ filters = {}, includes, notificationUrl }: HookOptions = {}) {
  return {
    ...(notificationUrl !== undefined && { notificationUrl }),
    specification: {
      options: { filters: { dataTypes: ['tableData'], ...filters }, ...(includes && { includes }) },
    },
  };
}

/** Creates a webhook, by default a polled one for all records of the base. */
export async function createWebhook(airtable: AirtableEmulator, options: HookOptions = {}) {
  const { status, body } = await call(airtable, 'POST', '', webhookBody(options), 'webhooks');
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return v.parse(Created, body);
}

export async function listPayloads(airtable: AirtableEmulator, id: string, query = '') {
  const { status, body } = await call(airtable, 'GET', `/${id}/payloads${query}`, undefined, 'webhooks');
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return v.parse(Page, body);
}

/** The only webhook of the base, as the API lists it. */
export async function theWebhook(airtable: AirtableEmulator) {
  const { body } = await call(airtable, 'GET', '', undefined, 'webhooks');
  const [webhook] = v.parse(Listed, body).webhooks;
  if (!webhook) throw new Error('The base has no webhook');
  return webhook;
}
