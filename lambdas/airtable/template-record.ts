import type { Template } from '../customers/customer-repository';
import { sidPattern } from '../twilio/sids';
import type { AirtableClient } from './airtable-client';
import { AirtableApiError, isListIteratorExpired } from './airtable-errors';
import { type AirtableRecord, pages, type Records } from './airtable-records';
import { readText } from './cells';
import { TEMPLATE_COLUMN, TEMPLATES } from './columns';
import { readYesNo } from './yes-no';

export interface ReadTemplates {
  readonly templates: readonly Template[];
  /** When the first of its requests was sent, in milliseconds since the epoch. */
  readonly readAt: number;
}

/**
 * All templates in the order of a view, because without a view Airtable guarantees no order
 * (airtable.md#listing-records).
 * @param onViewMissing called when the table has no such view; the templates then come in Airtable's order.
 */
export async function readTemplates(
  client: AirtableClient,
  view: string,
  onViewMissing: () => void,
): Promise<ReadTemplates> {
  const { records, readAt } = await readAll(client, { view }).catch((error: unknown) => {
    if (isListIteratorExpired(error)) return readAll(client, { view });
    if (!(error instanceof AirtableApiError && error.type.startsWith('VIEW_'))) throw error;
    onViewMissing();
    return readAll(client, {});
  });
  return { templates: records.flatMap((record) => mapTemplate(record) ?? []), readAt };
}

/** A row without a text is unfinished work, not a template. */
export function mapTemplate({ fields }: AirtableRecord): Template | null {
  const text = readText(fields[TEMPLATE_COLUMN.text]);
  if (text === null) return null;
  const contentSid = readText(fields[TEMPLATE_COLUMN.contentSid]);
  return {
    category: readText(fields[TEMPLATE_COLUMN.category]),
    text,
    whatsAppApproved: readYesNo(fields[TEMPLATE_COLUMN.approved]) === 'yes',
    contentSid: contentSid !== null && CONTENT_SID.test(contentSid) ? contentSid : null,
  };
}

const CONTENT_SID = sidPattern('HX');

/** All columns, because naming one that the team does not have would be rejected. */
async function readAll(client: AirtableClient, order: { readonly view?: string }): Promise<Records> {
  const records: AirtableRecord[] = [];
  let readAt = Number.POSITIVE_INFINITY;
  for await (const page of pages((from) => client.list(TEMPLATES, { ...order, ...from }))) {
    records.push(...page.records);
    readAt = Math.min(readAt, page.readAt);
  }
  return { records, readAt };
}
