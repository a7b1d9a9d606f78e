import type { CountryCode } from '../../../lambdas/phone-number/address';
import type { AirtableStandIn } from '../../../local/airtable/airtable-stand-in';
import { PacedBase, type Pacing } from '../../../operations/airtable/paced-base';
import { type ImportRequest, importCustomers } from '../../../operations/import/import-customers';
import type { ImportProgress } from '../../../operations/import/progress';
import { TOKEN } from '../../local/airtable/serve';

/** The base as set-up reaches it; as fast as it can unless the pacing says otherwise. */
export function baseOf({ url, base }: AirtableStandIn, pacing: Pacing = {}): PacedBase {
  return new PacedBase({ url, baseId: base.id, apiKey: TOKEN }, { requestsPerSecond: 1_000, ...pacing });
}

export interface ImportOptions extends Partial<ImportRequest> {
  readonly defaultCountry?: CountryCode;
}

/** One run of the command, that waits but a moment for a lost write to settle. */
export function importInto(standIn: AirtableStandIn, file: string, options: ImportOptions = {}) {
  return importCustomers({
    file,
    schema: baseOf(standIn),
    base: baseOf(standIn),
    defaultCountry: 'US',
    tell: () => {},
    settlingSeconds: 0.01,
    ...options,
  });
}

/** Keeps what an import tells of itself. */
export function listener() {
  const told: ImportProgress[] = [];
  return { told, tell: (progress: ImportProgress) => void told.push(progress) };
}

/** The customers in the base, as Airtable keeps them. */
export function customersIn({ base }: AirtableStandIn) {
  return base.tables.find(({ name }) => name === 'Customers')?.records.map(({ fields }) => fields) ?? [];
}

/** How many requests created something, or tried to. */
export function createsOf({ requests }: AirtableStandIn): number {
  return requests.filter(isCreate).length;
}

export function isCreate({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && !path.endsWith('/listRecords');
}
