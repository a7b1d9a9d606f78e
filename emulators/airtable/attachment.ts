import * as v from 'valibot';
import { invalidAttachment, invalidValue } from './airtable-errors';
import type { CellValue, FieldData, RecordData } from './base-model';
import { newId } from './ids';

const Written = v.array(
  v.looseObject({
    id: v.optional(v.string()),
    url: v.optional(v.string()),
    filename: v.optional(v.string()),
  }),
);
const WithId = v.looseObject({ id: v.string() });

/**
 * The attachments that result from a write: kept ones by their id, new ones by URL (airtable.md#cell-values). The real
 * service fetches a copy and returns an expiring link to it; here the given link is kept.
 * @throws AirtableError 422 for an id that is not in this cell, such as a copy of another cell's, and for a URL that is
 *   not HTTP
 */
export function writtenAttachments(
  field: FieldData,
  value: unknown,
  before: RecordData | undefined,
): CellValue {
  const written = v.safeParse(Written, value);
  if (!written.success) throw invalidValue(field.name);
  const stored = before?.fields[field.name];
  const kept: readonly CellValue[] = Array.isArray(stored) ? stored : [];
  return written.output.map(({ id, url = '', filename }) => {
    const same = kept.find((each) => v.is(WithId, each) && each.id === id);
    if (same !== undefined) return same;
    if (id !== undefined || !/^https?:/i.test(url)) throw invalidAttachment(field.name);
    return attachment(newId('att'), url, filename);
  });
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
};

/** An attachment as the API reads it. Nothing is fetched, so that its size is invented. */
function attachment(id: string, url: string, givenName?: string): CellValue {
  const filename = givenName ?? (/\/([^/?#]+)(?:[?#].*)?$/.exec(url)?.[1] || 'attachment');
  const extension = /\.(\w+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  return {
    id,
    url,
    filename,
    size: 1024,
    type: TYPES[extension] ?? 'application/octet-stream',
  };
}
