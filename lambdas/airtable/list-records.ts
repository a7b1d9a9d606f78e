import { Misconfigured, Unavailable, UpstreamFailed } from '../errors/errors';
import type { AirtableBase, ListParameters } from './airtable-base';
import { GoneOrForbidden, Rejected, tableOutOfReach, UnknownColumns } from './airtable-errors';
import type { RecordPage } from './airtable-records';
import type { BaseKnowledge } from './base-knowledge';

/** Airtable has forgotten where a list was, or never knew: minutes have passed (Airtable contract 2.1). */
export class ListExpired extends Unavailable {
  constructor(cause: unknown) {
    super('Airtable lost the list while it was read', 1, { cause });
  }
}

const EXPIRED = new Set(['LIST_RECORDS_ITERATOR_NOT_AVAILABLE', 'INVALID_OFFSET_VALUE']);

/** Whether Airtable refuses to go on with a list, which can only be begun again. */
export function isListLost(error: unknown): boolean {
  return error instanceof Rejected && EXPIRED.has(error.type);
}

/**
 * Lists records of a base whose columns vary: a column that the base lacks is learned from Airtable's refusal, left
 * out, and not asked for again.
 * @param required columns without which there is no answer.
 * @param build makes the request out of the columns that there are.
 * @throws {ListExpired} where `offset` leads nowhere any more.
 * @throws {Misconfigured} where the table or a required column is missing.
 */
export async function listRecords(
  base: AirtableBase,
  knowledge: BaseKnowledge,
  table: string,
  required: readonly string[],
  build: (has: (column: string) => boolean) => ListParameters,
): Promise<RecordPage> {
  const has = (column: string) => knowledge.has(table, column);
  for (;;) {
    const parameters = build(has);
    try {
      const page = await base.list(table, parameters);
      knowledge.learnFrom(page.records);
      return page;
    } catch (error) {
      if (!(error instanceof UnknownColumns)) throw explain(error, table);
      learnMissing(error, knowledge, table, required);
      const isTheSame = JSON.stringify(build(has)) === JSON.stringify(parameters);
      if (isTheSame) throw new UpstreamFailed(error.message, { cause: error });
    }
  }
}

function learnMissing(
  error: UnknownColumns,
  knowledge: BaseKnowledge,
  table: string,
  required: readonly string[],
) {
  const lost = required.filter((column) =>
    error.columns.some((name) => name.toLowerCase() === column.toLowerCase()),
  );
  if (lost.length > 0) throw missingColumns(table, lost, error);
  for (const column of error.columns) knowledge.lacks(table, column);
}

/** What to tell whoever runs the service when the base lacks columns that it cannot do without. */
export function missingColumns(table: string, columns: readonly string[], cause?: unknown): Misconfigured {
  const names = columns.map((column) => `"${column}"`).join(', ');
  return new Misconfigured([`The table ${table} has no column ${names}: add it to the base`], { cause });
}

function explain(error: unknown, table: string): unknown {
  if (error instanceof GoneOrForbidden) return tableOutOfReach(table, error);
  if (isListLost(error)) return new ListExpired(error);
  if (error instanceof Rejected && !error.type.startsWith('VIEW_')) {
    return new UpstreamFailed(`${table}: ${error.message}`, { cause: error });
  }
  return error;
}
