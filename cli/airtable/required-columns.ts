import { COLUMN, type Column } from '../../lambdas/airtable/columns';
import type { Configuration } from '../../lambdas/config';

/**
 * The columns without which the service cannot work safely: Airtable leaves blank cells out, so that an opt-out or a
 * number in a column that is missing looks like none.
 */
export function requiredColumns({
  whatsappNumber,
}: Pick<Configuration, 'whatsappNumber'>): readonly Column[] {
  return [COLUMN.optOut, COLUMN.sms, ...(whatsappNumber === null ? [] : [COLUMN.whatsapp])];
}
