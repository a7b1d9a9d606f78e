import type { Template } from '../template/template';
import type { AirtableBase } from './airtable-base';
import { Rejected } from './airtable-errors';
import type { AirtableRecord, RecordPage } from './airtable-records';
import type { BaseKnowledge } from './base-knowledge';
import { readFlag, readText } from './cells';
import { ListExpired, listRecords } from './list-records';

const TEMPLATES = 'Templates';
const COLUMN = { category: 'category', text: 'text', approved: 'whatsAppApproved' } as const;

/**
 * All templates in the order of a view, for without one Airtable gives no order at all (Airtable contract 2.1).
 * @param viewMissing is told when the base has no such view; the templates then come in Airtable's order.
 */
export async function readTemplates(
  base: AirtableBase,
  knowledge: BaseKnowledge,
  view: string,
  viewMissing: () => void,
): Promise<Template[]> {
  const viewName = `view ${view}`;
  const read = () =>
    readPages((offset) =>
      listRecords(base, knowledge, TEMPLATES, [COLUMN.text], (has) => ({
        fields: Object.values(COLUMN).filter(has),
        ...(has(viewName) && { view }),
        ...(offset !== undefined && { offset }),
      })),
    );
  const records = await read().catch((error: unknown) => {
    if (error instanceof Rejected && error.type.startsWith('VIEW_')) knowledge.lacks(TEMPLATES, viewName);
    else if (!(error instanceof ListExpired)) throw error;
    return read();
  });
  if (!knowledge.has(TEMPLATES, viewName)) viewMissing();
  return records.flatMap(readTemplate);
}

async function readPages(page: (offset?: string) => Promise<RecordPage>): Promise<AirtableRecord[]> {
  let { records, offset } = await page();
  while (offset !== undefined) {
    const more = await page(offset);
    records = [...records, ...more.records];
    offset = more.offset;
  }
  return records;
}

/** A row without a text is somebody's unfinished work, not a template. */
function readTemplate({ fields }: AirtableRecord): Template[] {
  const text = readText(fields[COLUMN.text]);
  if (text === null) return [];
  return [
    {
      category: readText(fields[COLUMN.category]),
      text,
      whatsAppApproved: readFlag(fields[COLUMN.approved]),
    },
  ];
}
