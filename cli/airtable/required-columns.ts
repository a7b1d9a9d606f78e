import { COLUMN, type Column } from '../../lambdas/airtable/columns';
import type { Configuration } from '../../lambdas/config';

/**
 * The columns without which the service cannot work safely. Airtable omits blank cells, so a missing column looks like
 * a customer without an opt-out or a number.
 */
export function requiredColumns({
  whatsappNumber,
}: Pick<Configuration, 'whatsappNumber'>): readonly Column[] {
  return [COLUMN.optOut, COLUMN.sms, ...(whatsappNumber === null ? [] : [COLUMN.whatsapp])];
}
