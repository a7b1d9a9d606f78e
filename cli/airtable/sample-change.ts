import { LARGEST_PAGE } from '../../lambdas/airtable/airtable-client';
import { AirtableApiError, UnknownOutcomeError } from '../../lambdas/airtable/airtable-errors';
import type { Cells } from '../../lambdas/airtable/airtable-records';
import { COLUMN } from '../../lambdas/airtable/columns';
import { ConfigurationError, ServiceUnavailableError } from '../../lambdas/errors';
import type { Change } from '../plan/plan';
import type { WantedTable } from './expected-schema';
import type { PacedBase } from './rate-limited-base';
import { findTable, type TableModel } from './schema';

/** The base with the token for its schema, and with the token for its records. */
export interface TwoWays {
  readonly schema: PacedBase;
  readonly records: PacedBase;
}

/**
 * Adds sample rows to an empty table in one request. If interrupted, all or none of them exist, and the next run
 * detects which.
 */
export function sampleChange(
  wanted: WantedTable,
  rowsFor: (table: TableModel) => readonly Cells[],
  base: TwoWays,
): Change {
  return {
    summary: `Put sample rows into ${wanted.name}`,
    diff: [],
    apply: async () => {
      const table = findTable(await base.schema.readSchema(), wanted.name);
      if (table === undefined)
        throw new ConfigurationError([`The base has no table ${wanted.name}: run it again`]);
      if (!(await isEmpty(table, wanted, base.records))) return;
      await base.records.create(wanted.name, rowsFor(table)).catch(async (error: unknown) => {
        if (error instanceof UnknownOutcomeError && !(await isEmpty(table, wanted, base.records))) return;
        throw explained(error, wanted);
      });
    },
  };
}

/** Whether the service's columns are all blank, because a table created by hand starts with three blank rows. */
export async function isEmpty(table: TableModel, wanted: WantedTable, records: PacedBase): Promise<boolean> {
  const columns = wanted.columns
    .map(({ name }) => name)
    .filter((name) => name !== COLUMN.id && table.fields.some((field) => field.name === name));
  const page = await records.list(wanted.name, {
    pageSize: LARGEST_PAGE,
    ...(columns.length > 0 && { fields: columns }),
  });
  const isBlank = page.records.every(({ fields }) => Object.keys(fields).length === 0);
  return isBlank && page.offset === undefined;
}

function explained(error: unknown, { name }: WantedTable): unknown {
  if (error instanceof UnknownOutcomeError) {
    return new ServiceUnavailableError(
      `${error.message}. The sample rows are not in ${name}: check in a minute, and run setup again`,
      60,
      { cause: error },
    );
  }
  if (!(error instanceof AirtableApiError)) return error;
  return new ConfigurationError([`The sample rows do not fit the columns of ${name}. ${error.message}`], {
    cause: error,
  });
}
