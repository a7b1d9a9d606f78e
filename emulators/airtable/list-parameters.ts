import * as v from 'valibot';
import {
  invalidPageSize,
  invalidRequest,
  notSupportedHere,
  unknownField,
  unknownView,
} from './airtable-errors';
import { type FieldData, findField, type SortKey, type TableData, type ViewData } from './base-model';

/** A listing's parameters, checked against the table (airtable.md#listing-records). */
export interface ListParameters {
  /** All fields if undefined. */
  readonly fields: readonly FieldData[] | undefined;
  /** No order if undefined. */
  readonly sort: readonly SortKey[] | undefined;
  readonly view: ViewData | undefined;
  readonly formula: string | undefined;
  readonly pageSize: number;
  readonly maxRecords: number | undefined;
  readonly offset: string | undefined;
  readonly byFieldId: boolean;
  readonly withCommentCount: boolean;
}

const Flag = v.union([v.boolean(), v.string()]);
const Count = v.union([v.number(), v.string()]);

const Parameters = v.object({
  fields: v.optional(v.array(v.string())),
  sort: v.optional(
    v.array(v.object({ field: v.string(), direction: v.optional(v.picklist(['asc', 'desc'])) })),
  ),
  view: v.optional(v.string()),
  filterByFormula: v.optional(v.string()),
  pageSize: v.optional(Count),
  maxRecords: v.optional(Count),
  offset: v.optional(v.string()),
  cellFormat: v.optional(v.picklist(['json', 'string'])),
  returnFieldsByFieldId: v.optional(Flag),
  recordMetadata: v.optional(v.array(v.literal('commentCount'))),
});

/**
 * Reads a listing's parameters, from the query or the body of a POST; unknown ones are ignored.
 * @throws AirtableError 422 for values that Airtable rejects, 501 for cellFormat=string
 */
export function listParameters(raw: unknown, table: TableData): ListParameters {
  const { success, output } = v.safeParse(Parameters, raw);
  if (!success) throw invalidRequest();
  if (output.cellFormat === 'string') throw notSupportedHere('cellFormat=string');
  for (const { field } of output.sort ?? []) fieldNamed(field, table);
  return {
    fields: output.fields?.map((name) => fieldNamed(name, table)),
    sort: output.sort,
    view: output.view ? viewNamed(output.view, table) : undefined,
    formula: output.filterByFormula || undefined,
    pageSize: pageSizeOf(output.pageSize),
    maxRecords: maxRecordsOf(output.maxRecords),
    offset: output.offset || undefined,
    byFieldId: isSet(output.returnFieldsByFieldId),
    withCommentCount: output.recordMetadata !== undefined,
  };
}

const RecordParameters = v.strictObject({
  cellFormat: v.optional(v.picklist(['json', 'string'])),
  timeZone: v.optional(v.string()),
  userLocale: v.optional(v.string()),
  returnFieldsByFieldId: v.optional(Flag),
});

/**
 * The few parameters of a single record's GET (airtable.md#getting-one-record).
 * @throws AirtableError 422 for any other, 501 for cellFormat=string
 */
export function recordParameters(raw: unknown): { readonly byFieldId: boolean } {
  const { success, output } = v.safeParse(RecordParameters, raw);
  if (!success) throw invalidRequest();
  if (output.cellFormat === 'string') throw notSupportedHere('cellFormat=string');
  return { byFieldId: isSet(output.returnFieldsByFieldId) };
}

function isSet(flag: boolean | string | undefined): boolean {
  return flag === true || flag === 'true' || flag === '1';
}

function fieldNamed(name: string, table: TableData): FieldData {
  const field = findField(table, name);
  if (!field) throw unknownField(name);
  return field;
}

function viewNamed(nameOrId: string, { views }: TableData): ViewData {
  const view = views.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (!view) throw unknownView(nameOrId);
  return view;
}

const LARGEST_PAGE = 100;

/** Ignores a value that is not a whole number (airtable.md#listing-records). */
function wholeNumber(count: string | number | undefined): number | undefined {
  return /^-?\d+$/.test(String(count)) ? Number(count) : undefined;
}

function pageSizeOf(count: string | number | undefined): number {
  const size = wholeNumber(count) ?? LARGEST_PAGE;
  if (size < 0 || size > LARGEST_PAGE) throw invalidPageSize();
  return size;
}

function maxRecordsOf(count: string | number | undefined): number | undefined {
  const max = wholeNumber(count);
  if (max !== undefined && max < 0) throw invalidRequest();
  return max;
}
