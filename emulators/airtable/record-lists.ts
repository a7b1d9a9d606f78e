import * as v from 'valibot';
import {
  invalidOffset,
  invalidPageSize,
  invalidRequest,
  iteratorGone,
  notEmulated,
  unknownField,
  unknownView,
} from './airtable-errors';
import {
  type CellValue,
  type FieldData,
  findField,
  newId,
  type RecordData,
  type SortKey,
  type TableData,
  type ViewData,
} from './base-model';
import { compileFilter } from './formula';
import { cellOf, type PresentedRecord, presentRecord } from './records';

export interface ListContext {
  readonly table: TableData;
  readonly iterators: Iterators;
  /** Whether records come in arbitrary order if the request names no view. */
  readonly shuffleUnsorted: boolean;
}

export interface RecordPage {
  readonly records: readonly PresentedRecord[];
  readonly offset?: string;
}

const Count = v.union([v.number(), v.string()]);
const Parameters = v.looseObject({
  fields: v.optional(v.array(v.string())),
  view: v.optional(v.string()),
  filterByFormula: v.optional(v.string()),
  pageSize: v.optional(Count),
  maxRecords: v.optional(Count),
  offset: v.optional(v.string()),
});

/** Airtable ignores unknown parameters, so those that it knows must not be mistaken for such. */
const NOT_EMULATED = [
  'sort',
  'cellFormat',
  'timeZone',
  'userLocale',
  'returnFieldsByFieldId',
  'recordMetadata',
] as const;

/** The parameters of a list in the query: `fields[]=a&fields[]=b`, with or without an index. */
export function listQuery(search: string): Readonly<Record<string, unknown>> {
  const query: Record<string, string | string[]> = {};
  for (const [key, value] of new URLSearchParams(search)) {
    const [name = key, bracket] = key.split('[');
    const known = query[name];
    if (bracket === undefined) query[name] = value;
    else query[name] = [...(Array.isArray(known) ? known : []), value];
  }
  return query;
}

/**
 * One page of a table (airtable.md#listing-records): set and order are those of the first page, the cells are as
 * they are now, and a deleted record leaves its page short.
 * @throws AirtableError 422, or 501 for what is not emulated
 */
export function listRecords(raw: unknown, { table, iterators, shuffleUnsorted }: ListContext): RecordPage {
  const { success, output } = v.safeParse(Parameters, raw);
  if (!success) throw invalidRequest();
  for (const name of NOT_EMULATED) if (name in output) throw notEmulated(`the list parameter ${name}`);
  const fields = output.fields?.map((name) => fieldNamed(name, table));
  const view = output.view ? viewNamed(output.view, table) : undefined;
  const { filterByFormula = '', offset } = output;
  const pageSize = pageSizeOf(output.pageSize);
  const maxRecords = maxRecordsOf(output.maxRecords);
  const key = JSON.stringify([table.id, view?.id, filterByFormula, maxRecords]);

  const matching = () => {
    const filters = [view?.filterByFormula, filterByFormula].flatMap((text) =>
      text ? compileFilter(text, table) : [],
    );
    const kept = table.records.filter((record) => filters.every((keeps) => keeps(record)));
    const inOrder = view ? sorted(kept, view.sort ?? [], table) : shuffleUnsorted ? shuffled(kept) : kept;
    return inOrder.slice(0, maxRecords).map(({ id }) => id);
  };
  const page = offset ? iterators.resume(key, offset, pageSize) : iterators.begin(key, matching(), pageSize);

  const byId = new Map(table.records.map((record) => [record.id, record]));
  const records = page.ids
    .flatMap((id) => byId.get(id) ?? [])
    .map((record) => presentRecord(record, table, fields));
  return page.offset === undefined ? { records } : { records, offset: page.offset };
}

/** Differs from the grid's order, and from call to call. */
function shuffled(records: readonly RecordData[]): readonly RecordData[] {
  return records
    .map((record) => ({ record, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ record }) => record);
}

const collator = new Intl.Collator('en');

/**
 * The records in a view's order, sorted stably: blanks first ascending and last descending, selects by the order of
 * their options (airtable.md#listing-records).
 */
function sorted(records: readonly RecordData[], keys: readonly SortKey[], table: TableData): RecordData[] {
  const columns = keys.map(({ field: name, direction }) => {
    const field = fieldNamed(name, table);
    const ranks = new Map<CellValue, number>(
      field.options?.choices?.map((choice, rank) => [choice.name, rank]),
    );
    const value = (record: RecordData) => {
      const cell = cellOf(record, field);
      return ranks.get(cell) ?? cell;
    };
    return { sign: direction === 'desc' ? -1 : 1, value };
  });
  return [...records].sort((a, b) => {
    for (const { sign, value } of columns) {
      const order = compare(value(a), value(b));
      if (order !== 0) return sign * order;
    }
    return 0;
  });
}

function compare(a: CellValue, b: CellValue): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
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

const MAX_PAGE_SIZE = 100;

/** Ignores a value that is not a whole number (airtable.md#listing-records). */
function wholeNumber(count: string | number | undefined): number | undefined {
  return /^-?\d+$/.test(String(count)) ? Number(count) : undefined;
}

function pageSizeOf(count: string | number | undefined): number {
  const size = wholeNumber(count) ?? MAX_PAGE_SIZE;
  if (size < 0 || size > MAX_PAGE_SIZE) throw invalidPageSize();
  return size;
}

function maxRecordsOf(count: string | number | undefined): number | undefined {
  const max = wholeNumber(count);
  if (max !== undefined && max < 0) throw invalidRequest();
  return max;
}

/** One page's record ids of a frozen listing, and the offset of the next page. */
export interface IteratorPage {
  readonly ids: readonly string[];
  readonly offset: string | undefined;
}

interface Iterator {
  /** The listing's parameters; a request with other parameters cannot continue it. */
  readonly key: string;
  readonly ids: readonly string[];
  lastUsed: number;
}

const OFFSET = /^(itr[A-Za-z0-9]{14})\/(rec[A-Za-z0-9]{14})$/;

/** How long an iterator lives after its last use. */
const IDLE_MS = 300_000;

/** Listings whose set and order are frozen at the first page (airtable.md#listing-records). */
export class Iterators {
  readonly #iterators = new Map<string, Iterator>();

  constructor(readonly now: () => Date) {}

  /** Freezes a listing and returns its first page. */
  begin(key: string, ids: readonly string[], pageSize: number): IteratorPage {
    if (ids.length <= pageSize || pageSize === 0) return { ids: ids.slice(0, pageSize), offset: undefined };
    this.#dropIdle();
    const name = newId('itr');
    this.#iterators.set(name, { key, ids, lastUsed: this.now().getTime() });
    return page(name, ids, 0, pageSize);
  }

  /** @throws AirtableError 422 for an offset that is malformed, or whose listing expired */
  resume(key: string, offset: string, pageSize: number): IteratorPage {
    const [, name = '', lastRecord = ''] = OFFSET.exec(offset) ?? [];
    if (name === '') throw invalidOffset(offset);
    this.#dropIdle();
    const iterator = this.#iterators.get(name);
    const last = iterator?.ids.indexOf(lastRecord) ?? -1;
    if (!iterator || iterator.key !== key || last < 0) throw iteratorGone();
    iterator.lastUsed = this.now().getTime();
    return page(name, iterator.ids, last + 1, pageSize);
  }

  expireAll(): void {
    this.#iterators.clear();
  }

  #dropIdle(): void {
    const oldest = this.now().getTime() - IDLE_MS;
    for (const [name, { lastUsed }] of this.#iterators) if (lastUsed < oldest) this.#iterators.delete(name);
  }
}

function page(name: string, all: readonly string[], start: number, pageSize: number): IteratorPage {
  const ids = all.slice(start, start + pageSize);
  const last = ids.at(-1);
  const isLastPage = start + pageSize >= all.length || last === undefined;
  return { ids, offset: isLastPage ? undefined : `${name}/${last}` };
}
