import type { AirtableRecord } from '../../../lambdas/airtable/airtable-records';
import { readText } from '../../../lambdas/airtable/cells';
import { shorten } from '../../../lambdas/characters/visible-text';

/** The URL of a base's, a table's or a record's page in Airtable. */
export function recordPage(baseId: string, tableId?: string, recordId?: string): string {
  return ['https://airtable.com', baseId, tableId, recordId].flatMap((part) => part ?? []).join('/');
}

const NAME_LENGTH = 60;

/** A record's label: the text on one line, or its id if the text is blank. */
export function recordName(record: AirtableRecord, cell: unknown): string {
  const text = readText(cell)?.replace(/\s+/g, ' ');
  return text ? shorten(text, NAME_LENGTH) : `record ${record.id}`;
}

/** "1 customer", "2 customers". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

const MINUTE_MS = 60_000;

/** A duration in words: "3 minutes", "5 hours", "2 days". */
export function duration(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / MINUTE_MS));
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return counted(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? counted(hours, 'hour') : counted(Math.round(hours / 24), 'day');
}
