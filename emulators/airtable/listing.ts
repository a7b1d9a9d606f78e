import type { BaseData, RecordData, TableData } from './base-model';
import { compileFormula } from './formula/formula';
import type { Iterators } from './iterators';
import { type ListParameters, listParameters } from './list-parameters';
import { type PresentedRecord, presentRecord } from './presenting';
import { sorted } from './sorting';

export interface Listing {
  readonly base: BaseData;
  readonly table: TableData;
  readonly iterators: Iterators;
  readonly now: Date;
  /** Whether records come in arbitrary order if the request names none. */
  readonly shuffleUnsorted: boolean;
}

export interface ListResponse {
  readonly records: readonly PresentedRecord[];
  readonly offset?: string;
}

/**
 * One page of a table (airtable.md#listing-records): set and order are those of the first page, the cells are as
 * they are now, and a deleted record leaves its page short.
 * @throws AirtableError 422, or 501 where the emulator does not guess
 */
export function listRecords(raw: unknown, listing: Listing): ListResponse {
  const { table, iterators } = listing;
  const parameters = listParameters(raw, table);
  const { sort, view, formula, maxRecords, offset, pageSize } = parameters;
  const key = JSON.stringify([table.id, sort, view?.id, formula, maxRecords]);

  const page = offset
    ? iterators.resume(key, offset, pageSize)
    : iterators.begin(key, matchingIds(parameters, listing), pageSize);

  const byId = new Map(table.records.map((record) => [record.id, record]));
  const records = page.ids
    .flatMap((id) => byId.get(id) ?? [])
    .map((record) => presentRecord(record, table, parameters));
  return page.offset === undefined ? { records } : { records, offset: page.offset };
}

function matchingIds(parameters: ListParameters, listing: Listing): readonly string[] {
  const { base, table, now, shuffleUnsorted } = listing;
  const { sort, view, formula, maxRecords } = parameters;
  const formulas = [view?.filterByFormula, formula].flatMap((text) =>
    text ? compileFormula(text, table, base, now) : [],
  );
  const kept = table.records.filter((record) => formulas.every((each) => each.keeps(record)));
  const order = sort ?? view?.sort;
  const inOrder = order ? sorted(kept, order, table, base) : view || !shuffleUnsorted ? kept : shuffled(kept);
  return inOrder.slice(0, maxRecords).map(({ id }) => id);
}

/** Differs from the grid's order, and from call to call. */
function shuffled(records: readonly RecordData[]): readonly RecordData[] {
  return records
    .map((record) => ({ record, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ record }) => record);
}
