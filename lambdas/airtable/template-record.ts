import type { Template } from '../template/template';
import type { AirtableBase } from './airtable-base';
import { Rejected } from './airtable-errors';
import type { AirtableRecord, RecordPage } from './airtable-records';
import type { BaseKnowledge } from './base-knowledge';
import { readFlag, readText } from './cells';
import { ListExpired, listRecords } from './team-base';

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
  const page = (offset: string | undefined, ordered: boolean): Promise<RecordPage> =>
    listRecords(base, knowledge, TEMPLATES, [COLUMN.text], (has) => ({
      fields: Object.values(COLUMN).filter(has),
      ...(ordered && { view }),
      ...(offset !== undefined && { offset }),
    }));
  const viewName = `view ${view}`;
  const readAll = async () => {
    const first = await page(undefined, knowledge.has(viewName)).catch((error: unknown) => {
      if (!(error instanceof Rejected && error.type.startsWith('VIEW_'))) throw error;
      knowledge.lacks(viewName);
      return page(undefined, false);
    });
    const records = [...first.records];
    for (let next = first.offset; next !== undefined; ) {
      const more = await page(next, knowledge.has(viewName));
      records.push(...more.records);
      next = more.offset;
    }
    return records;
  };
  const records = await readAll().catch((error: unknown) => {
    if (error instanceof ListExpired) return readAll();
    throw error;
  });
  if (!knowledge.has(viewName)) viewMissing();
  return records.flatMap(readTemplate);
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
