import { PacedBase, type Pacing } from '../../../cli/airtable/rate-limited-base';
import {
  type ImportProgress,
  type ImportRequest,
  importCustomers,
} from '../../../cli/import/import-customers';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import type { CountryCode } from '../../../lambdas/phone-number/address';
import { TOKEN } from '../../emulators/airtable/serve';

/** The base with the token of setup; without rate limiting unless the pacing says otherwise. */
export function baseOf({ url, base }: AirtableEmulator, pacing: Pacing = {}): PacedBase {
  return new PacedBase({ url, baseId: base.id, apiKey: TOKEN }, { requestsPerSecond: 1_000, ...pacing });
}

export interface ImportOptions extends Partial<ImportRequest> {
  readonly defaultCountry?: CountryCode;
}

/** One run of the command, which waits only briefly for a lost write to settle. */
export function importInto(emulator: AirtableEmulator, file: string, options: ImportOptions = {}) {
  return importCustomers({
    file,
    schema: baseOf(emulator),
    base: baseOf(emulator),
    defaultCountry: 'US',
    onProgress: () => {},
    settlingSeconds: 0.01,
    ...options,
  });
}

/** Records the progress events of an import. */
export function listener() {
  const told: ImportProgress[] = [];
  return { told, onProgress: (progress: ImportProgress) => void told.push(progress) };
}

/** The customers in the base, in Airtable's form. */
export function customersIn({ base }: AirtableEmulator) {
  return base.tables.find(({ name }) => name === 'Customers')?.records.map(({ fields }) => fields) ?? [];
}

/** How many requests created records, or tried to. */
export function createsOf({ requests }: AirtableEmulator): number {
  return requests.filter(isCreate).length;
}

export function isCreate({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && !path.endsWith('/listRecords');
}
