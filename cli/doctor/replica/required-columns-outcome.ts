import { COLUMN, type Column } from '../../../lambdas/airtable/columns';
import type { Configuration } from '../../../lambdas/config';
import { requiredColumns } from '../../airtable/required-columns';
import type { CheckResult } from '../health-check';

/** Whether the base has the columns without which a missing opt-out or number looks like a blank cell. */
export async function requiredColumnsOutcome(
  configuration: Configuration,
  missingColumns: (columns: readonly Column[]) => Promise<readonly string[]>,
): Promise<CheckResult> {
  const required = requiredColumns(configuration);
  const columns = [...required, COLUMN.name, COLUMN.owner];
  const missing = await missingColumns(columns);
  if (missing.length === 0) return { status: 'pass', message: `Customers has ${columns.join(', ')}` };
  const stops = required.some((column) => missing.includes(column));
  return {
    status: 'fail',
    message: `Customers has no column ${missing.join(', ')}${stops ? '; until it exists, sync removes no opt-out, number or customer' : ''}`,
    fix: 'npm run setup creates it; rename a renamed column back in Airtable',
  };
}
